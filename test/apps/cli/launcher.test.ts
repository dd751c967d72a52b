import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'iorch launcher-'));
  mkdirSync(join(clone, 'apps/cli/bin'), { recursive: true });
  cpSync(resolve('apps/cli/bin/iorch.mjs'), join(clone, 'apps/cli/bin/iorch.mjs'));
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const install = (main: string) => {
  mkdirSync(join(clone, 'node_modules/commander'), { recursive: true });
  mkdirSync(join(clone, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(clone, 'node_modules/.bin/node'));
  writeFileSync(join(clone, 'apps/cli/main.ts'), main);
};

/** Starts the launcher as if by an older Node, where `older` is set. */
const launch = ({ older }: { older: boolean }, ...args: string[]) => {
  const pretend = join(clone, 'older.mjs');
  writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
  const command = [
    ...(older ? ['--import', `file://${encodeURI(pretend)}`] : []),
    join(clone, 'apps/cli/bin/iorch.mjs'),
    ...args,
  ];
  try {
    return { code: 0, out: execFileSync(process.execPath, command, { encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, out: stderr };
  }
};

describe('the launcher', () => {
  it.each([true, false])('runs the CLI with its arguments (started by an older Node: %s)', (older) => {
    install('const args: string[] = process.argv.slice(2); console.log(process.versions.node, ...args);');
    expect(launch({ older }, 'session', 'a b')).toEqual({ code: 0, out: `${process.versions.node} session a b\n` });
  });

  it.each([true, false])('hands the exit code on (started by an older Node: %s)', (older) => {
    install('process.exitCode = 3;');
    expect(launch({ older })).toMatchObject({ code: 3 });
  });

  it('says what to do when nothing is installed', () => {
    expect(launch({ older: true })).toEqual({ code: 2, out: expect.stringContaining('npm ci') });
  });

  it('says what to do when Node is too old and the project has none', () => {
    install('');
    rmSync(join(clone, 'node_modules/.bin/node'));
    expect(launch({ older: true })).toEqual({ code: 2, out: expect.stringContaining('without --ignore-scripts') });
  });
});
