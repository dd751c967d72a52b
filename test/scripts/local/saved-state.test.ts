import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudFolder, cloudFolder } from '#scripts/local/cloud-folder';
import { forgetStreamPositions, hasSavedState } from '#scripts/local/saved-state';

let folder: CloudFolder;

const save = (name: string, value: unknown) => writeFileSync(join(folder.state, name), JSON.stringify(value));
const saved = (name: string) => JSON.parse(readFileSync(join(folder.state, name), 'utf8'));

beforeEach(() => {
  folder = cloudFolder(mkdtempSync(join(tmpdir(), 'state-')));
  mkdirSync(folder.state);
});

afterEach(() => rmSync(folder.path, { recursive: true }));

describe('the saved state of the emulator', () => {
  it('is there only when an emulator was stopped in peace', () => {
    mkdirSync(join(folder.state, 's3'));
    expect(hasSavedState(folder)).toBe(false);
    save('cloudformation.json', {});
    expect(hasSavedState(folder)).toBe(true);
  });

  it('loses the positions in streams and nothing else', () => {
    const positions = { __account_region_scoped__: true, data: { publisher: 79 } };
    save('lambda.json', {
      __ministack_format__: 2,
      payload: { functions: { a: 1 }, dynamodb_stream_positions: positions },
    });
    forgetStreamPositions(folder);
    expect(saved('lambda.json')).toEqual({
      __ministack_format__: 2,
      payload: { functions: { a: 1 }, dynamodb_stream_positions: { __account_region_scoped__: true, data: {} } },
    });
  });

  it('is left alone where it has another shape', () => {
    save('lambda.json', { payload: {} });
    forgetStreamPositions(folder);
    expect(saved('lambda.json')).toEqual({ payload: {} });
  });
});
