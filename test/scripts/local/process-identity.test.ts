import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcessGroup, identify, isAlive, type ProcessIdentity, startOf } from '#scripts/local/process-identity';

const stat = (command: string, state: string) =>
  `4711 (${command}) ${state} 1 4711 4711 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 88123 0 0`;

describe('the start of a process', () => {
  it('is found behind any command', () => {
    expect(startOf(stat('node', 'S'))).toBe('88123');
    expect(startOf(stat('a) b (c', 'R'))).toBe('88123');
  });

  it('is unknown for one that has ended and waits to be collected', () => {
    expect(startOf(stat('node', 'Z'))).toBeUndefined();
  });
});

describe('a recorded process', () => {
  let child: ChildProcess;
  let identity: ProcessIdentity;

  const start = async (script: string) => {
    child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout!, 'data');
    identity = identify(child.pid!)!;
  };

  beforeEach(() => start('echo up; exec sleep 60'));

  afterEach(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  });

  it('is alive until it ends', async () => {
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isAlive(identity)).toBe(false);
  });

  it('is not confused with a later process of the same number', async () => {
    const stale = { pid: identity.pid, started: 'another time' };
    expect(isAlive(stale)).toBe(false);
    expect(await endProcessGroup(stale, 1000)).toBe(true);
    expect(isAlive(identity)).toBe(true);
  });

  it('ends by itself when it is asked to', async () => {
    expect(await endProcessGroup(identity, 10_000)).toBe(true);
    expect(isAlive(identity)).toBe(false);
  });

  it('is killed with its group when it does not listen', async () => {
    child.kill('SIGKILL');
    await start('trap "" TERM; echo up; while :; do sleep 1; done');
    expect(await endProcessGroup(identity, 200)).toBe(false);
    expect(isAlive(identity)).toBe(false);
  });
});

describe('a number that no process has', () => {
  it('has no identity', () => {
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });
});
