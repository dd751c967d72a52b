import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readJson, writePrivateJson } from '#scripts/local/private-file';

let folder: string;
let file: string;
const Shape = z.object({ key: z.string() });
const read = () => readJson(file, (value) => Shape.parse(value));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'));
  file = join(folder, 'stack.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a private file', () => {
  it('can be read by its owner only, also when it was open before', () => {
    writeFileSync(file, '{}', { mode: 0o644 });
    writePrivateJson(file, { key: 'secret' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read()).toEqual({ key: 'secret' });
    expect(readdirSync(folder)).toEqual(['stack.json']);
  });

  it.each([
    ['is missing', undefined],
    ['was cut off', '{"key": "sec'],
    ['has another shape', '{"key": 5}'],
  ])('is as good as absent when it %s', (_, content) => {
    if (content) writeFileSync(file, content);
    expect(read()).toBeUndefined();
  });
});
