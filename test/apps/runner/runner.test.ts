import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiUnreachable } from '#contracts/client';
import { anAssignment, scripted } from '#test/support/an-assignment';
import { eventually } from '#test/support/eventually';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';
import { secrets, startRunner } from './a-runner.ts';

type Runner = ReturnType<typeof startRunner>;
const started: Runner[] = [];
const aRunner = (...given: Parameters<typeof startRunner>): Runner => {
  const runner = startRunner(...given);
  started.push(runner);
  return runner;
};
const untilReady = ({ lines }: Runner) => eventually('ready', () => lines.some((line) => line.includes('is ready')));

/** A process that ended and that nobody has asked about yet (a zombie) does not run. */
const isRunning = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
};

afterEach(async () => {
  for (const runner of started.splice(0)) {
    await runner.stop().catch(() => undefined);
    runner.forget();
  }
});

describe('a runner', { timeout: 60_000 }, () => {
  it('registers as a pulling implementer with its capacity and says which models work here', async () => {
    const runner = aRunner({ name: 'my runner.local', concurrency: 3 });
    await untilReady(runner);
    expect(runner.plane.registrations).toEqual([
      expect.objectContaining({
        ...{
          name: 'MY-RUNNER-LOCAL',
          protocol_version: '1.1',
          delivery: 'pull',
          max_concurrent_tasks: 3,
          replace: false,
        },
        capabilities: ['code_generation', 'test_generation', 'documentation', 'refactoring'],
        metadata: expect.objectContaining({ models: expect.stringContaining('demo/scripted') }),
      }),
    ]);
  });

  it('takes up its earlier registration, of the same name at the same place only', async () => {
    const first = aRunner();
    await untilReady(first);
    await first.stop();
    const { workDir } = first;
    for (const [options, replace] of [
      [{}, true],
      [{ name: 'other' }, false],
      [{ name: 'other', apiUrl: 'https://elsewhere.example' }, false],
    ] as const) {
      const again = aRunner({ workDir, ...options });
      await untilReady(again);
      await again.stop();
      expect(again.plane.registrations[0]?.replace).toBe(replace);
    }
  });

  it('names the token that it takes up, so that a registration made elsewhere meanwhile is left alone', async () => {
    const first = aRunner();
    await untilReady(first);
    await first.stop();
    expect(first.plane.registrations[0]).not.toHaveProperty('replace_token_id');
    const again = aRunner({ workDir: first.workDir });
    await untilReady(again);
    expect(again.plane.registrations).toMatchObject([{ replace: true, replace_token_id: 'tokenid' }]);
  });

  it('gets another token when its own ends soon', async () => {
    const plane = scriptedControlPlane();
    plane.direct('agent', 'rotate_token');
    aRunner({}, { plane });
    await eventually('a second registration', () => plane.registrations.length === 2);
    expect(plane.registrations[1]).toMatchObject({ replace: true, replace_token_id: 'tokenid' });
  });

  it('keeps no secret in its folder, which nobody else may read', async () => {
    const runner = aRunner();
    await untilReady(runner);
    const file = path.join(runner.workDir, 'registration.json');
    expect(readFileSync(file, 'utf8')).not.toMatch(/eapt_|iorch_live_/);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(statSync(runner.workDir).mode & 0o077).toBe(0);
  });

  it('ends with the reason when the control plane refuses it', async () => {
    const plane = scriptedControlPlane();
    plane.fail('register', problem('AGENT_ALREADY_EXISTS'));
    const runner = aRunner({}, { plane });
    await expect(runner.ended).rejects.toMatchObject({ problem: { code: 'AGENT_ALREADY_EXISTS' } });
    expect(existsSync(path.join(runner.workDir, 'runner.pid'))).toBe(false);
  });

  it('refuses a folder that another living runner works in, and takes over from a dead one', async () => {
    const runner = aRunner();
    await untilReady(runner);
    await runner.stop();
    const lock = path.join(runner.workDir, 'runner.pid');
    writeFileSync(lock, String(process.ppid));
    await expect(aRunner({ workDir: runner.workDir }).ended).rejects.toThrow('--work-dir');
    writeFileSync(lock, '999999999');
    await untilReady(aRunner({ workDir: runner.workDir }));
  });

  it('asks again with the same key when a claim was not answered', async () => {
    const plane = scriptedControlPlane();
    plane.fail('claim', new ApiUnreachable('gone'));
    aRunner({}, { plane });
    await eventually('three claims', () => plane.claimKeys.length >= 3);
    const [first, second, third] = plane.claimKeys;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('registers again when its registration is gone', async () => {
    const plane = scriptedControlPlane();
    plane.fail('claim', problem('INVALID_AGENT_TOKEN', { status: 401 }));
    aRunner({}, { plane });
    await eventually('a second registration', () => plane.registrations.length === 2);
    await eventually('more claims', () => plane.claimKeys.length >= 2);
  });

  it('says that it lives, and at its end that it is gone', async () => {
    const runner = aRunner();
    await untilReady(runner);
    expect(await runner.stop()).toBe(0);
    expect(runner.plane.heartbeats).toEqual(['healthy', 'offline']);
    expect(existsSync(path.join(runner.workDir, 'runner.pid'))).toBe(false);
  });

  it('ends after its first assignment when it is to work once, and tells by its exit code how that went', async () => {
    const workspace = { repository_url: 'file:///nowhere/at/all' };
    const [first, second] = ['1', '2'].map((n) => anAssignment({ id: `01JD8X5YB2M0Q4V6T8W1Z3C00${n}`, workspace }));
    const plane = scriptedControlPlane([first!, second!]);
    const runner = aRunner({ once: true, allowFileRepos: false }, { plane });
    expect(await runner.ended).toBe(1);
    expect(plane.results).toEqual([
      expect.objectContaining({ status: 'failed', error_code: 'REPOSITORY_REFUSED', retryable: false }),
    ]);
  });

  it('aborts what runs when it is told to end, gives it back and leaves no process behind', async () => {
    const assignment = anAssignment({ prompt: scripted('write a.txt | x', 'bash echo $$ > pid.txt; sleep 55.5') });
    const runner = aRunner({}, { plane: scriptedControlPlane([assignment]) });
    const pidFile = path.join(runner.workDir, 'worktrees', `${assignment.assignment_id}-1`, 'pid.txt');
    const pid = await eventually('the command', () => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')));
    const server = Number(readFileSync(path.join(runner.workDir, 'opencode.pid'), 'utf8'));
    await runner.stop();
    expect(runner.plane.releases).toEqual([assignment.assignment_id]);
    expect(runner.plane.results).toEqual([]);
    expect(runner.worktrees()).toEqual([]);
    for (const gone of [pid, server]) await eventually(`the end of ${gone}`, () => !isRunning(gone));
    expect(existsSync(path.join(runner.workDir, 'opencode'))).toBe(false);
    expect(runner.lines.join('\n')).not.toContain(secrets.IORCH_API_KEY);
  });
});
