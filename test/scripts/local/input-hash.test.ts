import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputHash } from '#scripts/local/input-hash';

let root: string;
const paths = ['lib', 'cdk.json', 'absent'];
const hash = () => inputHash(root, paths);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inputs-'));
  mkdirSync(join(root, 'lib/stacks'), { recursive: true });
  writeFileSync(join(root, 'lib/stacks/api.ts'), 'one');
  writeFileSync(join(root, 'cdk.json'), '{}');
  writeFileSync(join(root, 'README.md'), 'text');
});

afterEach(() => rmSync(root, { recursive: true }));

describe('the hash of the inputs', () => {
  it('stays while nothing changes but times and files elsewhere', () => {
    const before = hash();
    utimesSync(join(root, 'cdk.json'), 1, 1);
    writeFileSync(join(root, 'README.md'), 'other text');
    expect(hash()).toBe(before);
  });

  it.each([
    ['content', () => writeFileSync(join(root, 'lib/stacks/api.ts'), 'two')],
    ['a new file', () => writeFileSync(join(root, 'lib/new.ts'), '')],
    ['a name', () => renameSync(join(root, 'lib/stacks/api.ts'), join(root, 'lib/stacks/live.ts'))],
    ['a removed file', () => rmSync(join(root, 'cdk.json'))],
    ['a path that was absent', () => writeFileSync(join(root, 'absent'), '')],
  ])('changes with %s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it('is the same in another folder', () => {
    const before = hash();
    const elsewhere = `${root}-moved`;
    renameSync(root, elsewhere);
    root = elsewhere;
    expect(hash()).toBe(before);
  });
});
