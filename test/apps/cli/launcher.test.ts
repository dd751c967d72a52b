import { execFileSync, spawn } from 'node:child_process';
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

const commandOf = (older: boolean) => {
  const pretend = join(clone, 'older.mjs');
  writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
  return [...(older ? ['--import', `file://${encodeURI(pretend)}`] : []), join(clone, 'apps/cli/bin/iorch.mjs')];
};

/** Starts the launcher as if by an older Node, where `older` is set. */
const launch = ({ older }: { older: boolean }, ...args: string[]) => {
  try {
    return {
      code: 0,
      out: execFileSync(process.execPath, [...commandOf(older), ...args], { encoding: 'utf8', stdio: 'pipe' }),
    };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, out: stderr };
  }
};

const living = `
  process.on('SIGTERM', () => { console.log('ends'); process.exit(); });
  setTimeout(() => undefined, 60_000);
  console.log('lives', process.pid);`;

/** Starts the launcher below a shell, as npx does, and ends the shell as soon as the launcher's program lives. */
const endItsShell = async (script: string, older: boolean) => {
  const command = `"$@"; :`;
  const env = { ...process.env, npm_lifecycle_script: script };
  const shell = spawn('/bin/sh', ['-c', command, 'sh', process.execPath, ...commandOf(older)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  for await (const chunk of shell.stdout) {
    out += chunk;
    if (/lives \d+\n/.test(out)) shell.kill('SIGTERM');
  }
  return out;
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

  it.each([true, false])('ends with the npx that started it (by an older Node: %s)', async (older) => {
    install(living);
    expect(await endItsShell("'iorch'", older)).toMatch(/^lives \d+\nends\n$/);
  });

  it('outlives another program that started it', async () => {
    install(living.replace('60_000', '1_000'));
    expect(await endItsShell('vitest', false)).toMatch(/^lives \d+\n$/);
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
