import { describe, expect, it } from 'vitest';
import { runProcess } from '#apps/runner/processes/run-process';
import { eventually } from '#test/support/eventually';

const shell = (script: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) => {
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk.toString();
  };
  const end = runProcess({
    ...{ command: '/bin/sh', args: ['-c', script], cwd: '/', env: { PATH: process.env['PATH'] }, timeoutMs: 30_000 },
    ...{ onStdout: add, onStderr: add },
    ...more,
  });
  return end.then((ended) => ({ ...ended, output }));
};

/** Whether a process is there and not merely waiting to be collected. */
const lives = async (pid: number) => {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
};

describe('a process run to its end', () => {
  it('gives its exit code and both outputs', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toMatchObject({
      exitCode: 3,
      timedOut: false,
      output: 'out\nerr\n',
    });
  });

  it('is ended with its whole group after its time, as exit code 124', async () => {
    const { exitCode, timedOut, output } = await shell('sleep 60 & echo $!; sleep 60', { timeoutMs: 300 });
    expect({ exitCode, timedOut }).toEqual({ exitCode: 124, timedOut: true });
    await eventually('its end', async () => !(await lives(Number(output))));
  });

  it('leaves nothing running in its group when it ends by itself', async () => {
    const { exitCode, output } = await shell('sleep 60 & echo $!');
    expect(exitCode).toBe(0);
    await eventually('its end', async () => !(await lives(Number(output))));
  });

  it('is ended by force when it ignores the signal', async () => {
    expect(await shell('trap "" TERM; while :; do sleep 0.05; done', { timeoutMs: 200 })).toMatchObject({
      exitCode: 124,
    });
  });

  it("throws the signal's reason when it is aborted", async () => {
    const controller = new AbortController();
    const running = shell('sleep 60', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(running).rejects.toThrow('enough');
  });

  it('throws when the program does not exist', async () => {
    const none = { onStdout: () => undefined, onStderr: () => undefined };
    const call = { command: '/no/such/program', args: [], cwd: '/', env: {}, timeoutMs: 1_000, ...none };
    await expect(runProcess(call)).rejects.toThrow('ENOENT');
  });
});
