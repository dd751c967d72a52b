import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endAbandoned } from '#scripts/local/abandoned-processes';
import { identify, isAlive } from '#scripts/local/process-identity';

let folder: string;
const children: ChildProcess[] = [];

const start = async (variables: NodeJS.ProcessEnv) => {
  const child = spawn('sh', ['-c', 'echo up; exec sleep 60'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...variables },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  return identify(child.pid!)!;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe.runIf(process.platform === 'linux')('what a killed runner left behind', () => {
  it('is ended, and nothing that only stands in its folder or works for another runner', async () => {
    const left = await start({ XDG_DATA_HOME: join(folder, 'opencode/data') });
    const standing = await start({ PWD: folder, OLDPWD: join(folder, 'worktrees') });
    const ofAnother = await start({ XDG_DATA_HOME: `${folder}-2/opencode/data` });
    await endAbandoned(folder, 5_000);
    expect([left, standing, ofAnother].map(isAlive)).toEqual([false, true, true]);
  });
});
