import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type OpenCodeClient, OpenCodeError, type OpenCodeRun } from '#adapters/opencode/opencode-client';
import type { Assignment } from '#apps/runner/control-plane';
import type { OpenCodeInUse } from '#apps/runner/opencode-host';
import { runAssignment } from '#apps/runner/run-assignment';
import { secretFilter } from '#apps/runner/secret-filter';
import { modelMessage, textPart } from '#test/adapters/opencode/a-turn';
import { anAssignment } from '#test/support/an-assignment';
import { eventually } from '#test/support/eventually';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';
import { anUploadStorage } from '#test/support/upload-storage';

/** An agent that writes one file and then works for ever, or ends at once. */
function anAgent({
  ends = false,
  obeys = true,
  misses = 0,
  dies = undefined as string | undefined,
  demoModel = '',
  says = '',
} = {}) {
  const calls: string[] = [];
  let missed = 0;
  const client = {
    async ensureSession() {
      if (missed++ < misses) throw new OpenCodeError('it is busy', undefined);
    },
    ensurePrompt: async ({ directory }: OpenCodeRun) => writeFiles(directory, { 'made.txt': 'by the agent\n' }),
    async observe() {
      calls.push('observe');
      if (dies) throw new OpenCodeError('fetch failed', undefined);
      return {
        state: { kind: ends ? 'done' : 'running' },
        turn: [modelMessage('a1', { parts: [textPart('p1', says)] })],
      };
    },
    async abort() {
      calls.push('abort');
      return obeys ? undefined : new Promise(() => undefined);
    },
    disposeDirectory: async () => void calls.push('dispose'),
  } as Partial<OpenCodeClient> as OpenCodeClient;
  return { calls, client, howEnded: () => dies, models: demoModel ? { demoModel } : {} };
}

/** Works on an assignment with real git and a scripted agent. */
function work(
  assignment: Assignment,
  agent: ReturnType<typeof anAgent>,
  plane = scriptedControlPlane(),
  extendEveryMs = 20,
  keepWorktrees: 'never' | 'failed' | 'always' = 'never',
) {
  const workDir = temporaryFolder();
  const stop = new AbortController();
  const models = {
    ...{ description: 'a scripted agent', configuration: {}, environment: {}, close: async () => undefined },
    ...agent.models,
  };
  const host = {
    ...{ models, tend: async () => undefined, close: async () => undefined },
    use: async <T>(work: (inUse: OpenCodeInUse) => Promise<T>) =>
      work({ ...agent, discard: async () => void agent.calls.push('discard') }),
  };
  const rules = {
    ...{ workDir, allowsFileRepositories: true, model: undefined, keepsTranscripts: true },
    ...{ environment: { PATH: process.env['PATH'] ?? '' } },
    author: { name: 'Industrial Orchestrator', email: 'iorch@localhost' },
  };
  const ending = runAssignment(
    { assignment, calls: plane.calls, timeLeftMs: 60_000, extendEveryMs },
    { host, rules, keepWorktrees, secrets: secretFilter(), log: () => undefined, stopping: stop.signal },
  );
  return {
    ...{ plane, stop },
    /** Until the agent works. */
    working: () => eventually('work', () => agent.calls.includes('observe')),
    ended: () => ending,
    worktrees: () => readdirSync(path.join(workDir, 'worktrees')),
    branches: () =>
      readdirSync(path.join(workDir, 'repositories')).map((name) =>
        gitIn(path.join(workDir, 'repositories', name), 'branch', '--list'),
      ),
  };
}

describe('work on an assignment', () => {
  it('uploads what the agent did and names it in the result, but not of work that is not over', async () => {
    const storage = await anUploadStorage();
    onTestFinished(storage.close);
    const plane = scriptedControlPlane();
    plane.acceptUploads(storage.url);
    expect(await work(anAssignment(), anAgent({ ends: true, says: 'Made it.' }), plane).ended()).toBe('completed');
    const [[id, content] = []] = storage.files;
    expect(plane.results).toMatchObject([{ artifacts: [{ path: 'transcript.json', artifact_id: id }] }]);
    expect(JSON.parse(`${content}`).messages).toEqual([
      { role: 'user', content: 'Do nothing.' },
      { role: 'assistant', content: 'Made it.' },
    ]);
    const stopped = work(anAssignment(), anAgent(), plane);
    await stopped.working();
    stopped.stop.abort();
    expect(await stopped.ended()).toBe('released');
    expect(plane.announced).toHaveLength(1);
  });

  it('completes without a transcript that nobody takes, and says so', async () => {
    const { plane, ended } = work(anAssignment(), anAgent({ ends: true }));
    expect(await ended()).toBe('completed');
    expect(plane.results[0]).not.toHaveProperty('artifacts');
    expect(plane.logged()).toContain('no transcript was kept: QUOTA_EXCEEDED');
  });

  it('begins although the server misses a call', async () => {
    const { ended } = work(anAssignment(), anAgent({ ends: true, misses: 1 }));
    expect(await ended()).toBe('completed');
  });

  it('ends as timeout at its deadline, with the diff of what was done', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const agent = anAgent();
    const { plane, ended, worktrees } = work(anAssignment(), agent);
    while (!agent.calls.includes('observe')) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(await ended()).toBe('timeout');
    expect(agent.calls).toContain('abort');
    expect(plane.results).toMatchObject([
      {
        status: 'timeout',
        output_data: { files: [{ path: 'made.txt' }], diff: expect.stringContaining('+by the agent') },
      },
    ]);
    expect(worktrees()).toEqual([]);
  });

  it('is thrown away without a word when the assignment is lost', async () => {
    const agent = anAgent();
    const assignment = anAssignment();
    const { plane, working, ended, worktrees, branches } = work(assignment, agent);
    await working();
    plane.close(assignment.assignment_id);
    expect(await ended()).toBe('lost');
    expect(agent.calls).toContain('abort');
    expect([plane.results, worktrees(), branches()]).toEqual([[], [], ['']]);
  });

  it('fails so that another attempt follows by itself, and says what happened, when the server dies under it', async () => {
    const { plane, ended } = work(anAssignment(), anAgent({ dies: 'by the signal SIGKILL' }));
    expect(await ended()).toBe('failed');
    expect(plane.results).toMatchObject([
      {
        ...{ status: 'failed', retryable: true, error_code: 'UPSTREAM_ERROR' },
        error_message: 'the OpenCode server ended by the signal SIGKILL in the middle of the work',
      },
    ]);
  });

  it.each([
    ['acme/large', true],
    ['demo/scripted', false],
    [undefined, false],
  ])('says whether the model that the session asks for is used: %s', async (model, isTold) => {
    const agent = anAgent({ ends: true, demoModel: 'demo/scripted' });
    const { plane, ended } = work(anAssignment(model ? { model } : {}), agent);
    expect(await ended()).toBe('completed');
    const told = plane.logged().filter((line) => line.includes('asks for the model'));
    expect(told).toEqual(
      isTold ? ['the session asks for the model acme/large, which this runner does not have: it is not used'] : [],
    );
  });

  it('gives up a server whose agent cannot be stopped', async () => {
    const agent = anAgent({ obeys: false });
    const { plane, working, ended } = work(anAssignment(), agent);
    await working();
    plane.direct(anAssignment().assignment_id, 'cancel');
    expect(await ended()).toBe('cancelled');
    expect(agent.calls).toContain('discard');
  });

  it('is given back and thrown away when the runner is stopped', async () => {
    const agent = anAgent();
    const { plane, stop, working, ended, worktrees, branches } = work(anAssignment(), agent);
    await working();
    stop.abort();
    expect(await ended()).toBe('released');
    expect(agent.calls).toContain('abort');
    expect(plane.releases).toEqual([anAssignment().assignment_id]);
    expect([plane.results, worktrees(), branches()]).toEqual([[], [], ['']]);
  });

  it('is thrown away before it is said to have stopped, when the session is cancelled', async () => {
    const agent = anAgent();
    const { plane, working, ended, worktrees, branches } = work(anAssignment(), agent);
    let left: readonly string[] | undefined;
    const submit = plane.calls.submitResult;
    plane.calls.submitResult = (...given) => {
      left = worktrees();
      return submit(...given);
    };
    await working();
    plane.direct(anAssignment().assignment_id, 'cancel');
    expect(await ended()).toBe('cancelled');
    expect([left, branches()]).toEqual([[], ['']]);
    expect(plane.results).toMatchObject([{ status: 'cancelled' }]);
  });

  it('pushes nothing when it is called off at the last moment', async () => {
    const origin = anOrigin();
    const assignment = anAssignment({ workspace: { repository_url: origin.url, push: 'branch' } });
    const plane = scriptedControlPlane();
    plane.direct(assignment.assignment_id, 'cancel');
    const { ended } = work(assignment, anAgent({ ends: true }), plane, 60_000);
    expect(await ended()).toBe('cancelled');
    expect(gitIn(origin.folder, 'branch', '--list', 'iorch/*')).toBe('');
  });

  it.each([
    ['never', 'completed', []],
    ['failed', 'completed', []],
    ['always', 'completed', ['kept']],
    ['never', 'failed', []],
    ['failed', 'failed', ['kept']],
  ] as const)('whose worktrees are to be kept %s, when it %s', async (keepWorktrees, status, kept) => {
    const verify = [{ name: 'check', run: status === 'failed' ? 'false' : 'true' }];
    const assignment = anAssignment({ workspace: { repository_url: anOrigin().url, verify } });
    const given = work(assignment, anAgent({ ends: true }), scriptedControlPlane(), 20, keepWorktrees);
    expect(await given.ended()).toBe(status);
    expect(given.worktrees().flatMap((name) => (name.endsWith('.kept') ? ['kept'] : []))).toEqual(kept);
    expect(given.worktrees()).toHaveLength(2 * kept.length);
  });

  it('works from the commit that an earlier attempt found, although the branch has moved', async () => {
    const origin = anOrigin();
    writeFiles(origin.folder, { 'later.txt': 'pushed by somebody else\n' });
    const moved = origin.commit('second');
    const workspace = { repository_url: origin.url, ref: 'main' };
    const baseOf = async (fields: object) => {
      const { plane, ended } = work(anAssignment({ workspace: { ...workspace, ...fields } }), anAgent({ ends: true }));
      expect(await ended()).toBe('completed');
      const started = plane.batches.flat().find(({ type }) => type === 'started');
      return [started, plane.results[0]?.output_data?.base_commit];
    };
    expect(await baseOf({})).toMatchObject([{ base_commit: moved }, moved]);
    expect(await baseOf({ base_commit: origin.first })).toMatchObject([{ base_commit: origin.first }, origin.first]);
  });

  it('pushes nothing when the lease is not confirmed', async () => {
    const origin = anOrigin();
    const plane = scriptedControlPlane();
    plane.fail('extend', problem('STALE_FENCING_TOKEN'));
    const assignment = anAssignment({ workspace: { repository_url: origin.url, push: 'branch' } });
    const { ended } = work(assignment, anAgent({ ends: true }), plane, 60_000);
    expect(await ended()).toBe('lost');
    expect(gitIn(origin.folder, 'branch', '--list', 'iorch/*')).toBe('');
  });

  it('takes its branch back when the assignment is lost after the commit', async () => {
    const verify = [{ name: 'long', run: 'sleep 57.7' }];
    const assignment = anAssignment({ workspace: { repository_url: anOrigin().url, verify } });
    const { plane, working, ended, branches } = work(assignment, anAgent({ ends: true }));
    await working();
    await eventually('a branch', () => branches().some((list) => list.includes('iorch/')));
    plane.close(assignment.assignment_id);
    expect(await ended()).toBe('lost');
    expect(branches()).toEqual(['']);
  });

  it('keeps what verification leaves behind out of the result', async () => {
    const verify = [{ name: 'tests', run: 'touch report.xml && test -f made.txt' }];
    const assignment = anAssignment({ workspace: { repository_url: anOrigin().url, verify } });
    const { plane, ended } = work(assignment, anAgent({ ends: true }));
    expect(await ended()).toBe('completed');
    expect(plane.results[0]?.output_data?.files?.map(({ path: file }) => file)).toEqual(['made.txt']);
  });

  it('completes with a lower success rate when a failed verification is only recorded', async () => {
    const verify = [
      { name: 'heavy', run: 'true', weight: 3 },
      { name: 'light', run: 'false' },
    ];
    const assignment = anAssignment({ workspace: { repository_url: anOrigin().url, verify, verify_policy: 'record' } });
    const { plane, ended } = work(assignment, anAgent({ ends: true }));
    expect(await ended()).toBe('completed');
    expect(plane.results[0]?.success_rate).toBe(0.75);
  });

  it('fails before the agent starts when setup fails', async () => {
    const agent = anAgent();
    const setup = [{ name: 'install', run: 'echo no network; exit 1' }];
    const { plane, ended } = work(anAssignment({ workspace: { repository_url: anOrigin().url, setup } }), agent);
    expect(await ended()).toBe('failed');
    expect(plane.results).toMatchObject([
      { error_code: 'AGENT_EXECUTION_FAILED', error_message: expect.stringContaining('no network') },
    ]);
    expect(agent.calls).toEqual([]);
  });
});
