import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { projectRoot } from '#scripts/local/cloud-folder';
import {
  api,
  aRepository,
  begin,
  ended,
  eventually,
  executionOf,
  git,
  run,
  script,
  temporaryFolder,
  urlOf,
} from './work.ts';

describe('a coding session', () => {
  it('changes the sample repository, runs its tests, and hands back diff and branch', async () => {
    const repository = inject('cloud').stack.sample_repository;
    const { id } = await begin({
      prompt: readFileSync(join(projectRoot, 'examples/hello.md'), 'utf8'),
      workspace: { repository_url: urlOf(repository), push: 'branch', verify: [{ name: 'tests', run: 'npm test' }] },
    });
    const session = await ended(id);
    expect(session).toMatchObject({ status: 'completed', success_rate: 1, success_source: 'verification', attempt: 1 });

    const viewer = api('viewer');
    const params = { session_id: id };
    const diff = await viewer.call('getSessionDiff', { params });
    expect(diff.files.map(({ path, status }) => `${status} ${path}`).sort()).toEqual([
      'added src/farewell.js',
      'added test/farewell.test.js',
    ]);
    expect(diff.diff).toContain('+export const farewell');

    const result = await viewer.call('getSessionResult', { params });
    expect(result).toMatchObject({ final: true, simulated: true, pushed: true, result_branch: `iorch/${id}` });
    expect(result.verification).toMatchObject([{ name: 'tests', passed: true, exit_code: 0 }]);
    expect(result.usage).toMatchObject({ input_tokens: expect.any(Number) });

    const events = await viewer.call('listSessionEvents', { params, query: { limit: 100 } });
    const types = events.items.map(({ type }) => type);
    expect(types[0]).toBe('session.created');
    expect(types.at(-1)).toBe('session.completed');
    expect(events.items.map(({ seq }) => seq)).toEqual(types.map((_, index) => index + 1));

    const logs = await viewer.call('listSessionLogs', { params, query: { limit: 100 } });
    expect(logs.items.length).toBeGreaterThan(0);

    const branch = `iorch/${id}`;
    expect(await git(repository, 'rev-parse', branch)).toBe(result.result_commit);
    expect(await git(repository, 'rev-parse', `${branch}~1`)).toBe(await git(repository, 'rev-parse', 'main'));
    expect(await git(repository, 'log', '-1', '--format=%an|%(trailers:key=Iorch-Session,valueonly)', branch)).toBe(
      `Industrial Orchestrator|${id}`,
    );
  });

  it('is driven by one execution that the AWS API lists as succeeded, in at most 12 states', async () => {
    const { id } = await begin({ prompt: script('say Nothing to do.') });
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    const execution = await eventually('the end of the execution', async () => {
      const found = await executionOf(id);
      return found?.status === 'RUNNING' ? undefined : found;
    });
    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.states).toEqual(
      expect.arrayContaining(['Claim Slot', 'Begin Attempt', 'Run On Agent', 'Judge Outcome', 'Record Outcome']),
    );
    expect(execution.states.length).toBeLessThanOrEqual(12);
  });

  it('works on a Python repository', async () => {
    const repository = await aRepository({
      '.gitignore': '__pycache__/\n',
      'greet.py': 'def greet(name):\n    return f"Hello, {name}"\n',
      'test_greet.py':
        'import unittest\nfrom greet import greet\n\n\nclass Greet(unittest.TestCase):\n    def test_greets_by_name(self):\n        self.assertEqual(greet("Ada"), "Hello, Ada")\n',
    });
    const { id } = await begin({
      prompt: script(
        'write farewell.py | def farewell(name):\\n    return f"Goodbye, {name}"',
        'bash python3 -c "from farewell import farewell; print(farewell(\'Ada\'))"',
        'say Added farewell.',
      ),
      workspace: {
        repository_url: urlOf(repository),
        push: 'branch',
        verify: [{ name: 'tests', run: 'python3 -m unittest' }],
      },
    });
    expect(await ended(id)).toMatchObject({ status: 'completed', success_rate: 1 });
    const diff = await api('viewer').call('getSessionDiff', { params: { session_id: id } });
    expect(diff.files).toMatchObject([{ path: 'farewell.py', status: 'added', additions: 2 }]);
    expect(await git(repository, 'show', `iorch/${id}:farewell.py`)).toContain('Goodbye');
  });

  it('works on a clone of this project', async () => {
    const clone = join(temporaryFolder(), 'clone');
    await run('git', ['clone', '--quiet', projectRoot, clone]);
    const { id } = await begin({
      prompt: script('write docs/note.md | A note.', 'say Wrote a note.'),
      workspace: {
        repository_url: urlOf(clone),
        push: 'branch',
        verify: [
          { name: 'start still parses', run: 'node --check scripts/start.mjs' },
          { name: 'the note is there', run: 'test -f docs/note.md' },
        ],
      },
    });
    expect(await ended(id)).toMatchObject({ status: 'completed', success_rate: 1 });
    expect(await git(clone, 'diff', '--name-status', 'HEAD', `iorch/${id}`)).toBe('A\tdocs/note.md');
  });

  it('fails, with the rate measured, when its verification fails', async () => {
    const repository = await aRepository({ 'README.md': 'Empty.\n' });
    const { id } = await begin({
      prompt: script('write done.txt | done', 'say Done.'),
      workspace: {
        repository_url: urlOf(repository),
        verify: [
          { name: 'passes', run: 'test -f done.txt', weight: 3 },
          { name: 'fails', run: 'echo out of order; exit 3', weight: 1 },
        ],
      },
    });
    expect(await ended(id)).toMatchObject({
      status: 'failed',
      success_rate: 0.75,
      is_retryable: true,
      error: { type: 'verification' },
    });
    const result = await api('viewer').call('getSessionResult', { params: { session_id: id } });
    expect(result.verification).toMatchObject([
      { passed: true },
      { passed: false, exit_code: 3, output: expect.stringContaining('out of order') },
    ]);
  });

  it('ends at once when it is cancelled, and its execution with it', async () => {
    const { id } = await begin({ prompt: script('sleep 120000', 'say Late.') });
    const params = { session_id: id };
    await eventually('the work of the agent', async () => {
      const session = await api('viewer').call('getSession', { params });
      return session.activity === 'working' ? session : undefined;
    });
    const cancelled = await api('member').call('cancelSession', { params, body: { reason: 'not needed' } });
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    const execution = await eventually('the end of the execution', async () => {
      const found = await executionOf(id);
      return found?.status === 'RUNNING' ? undefined : found;
    });
    expect(execution.status).toBe('ABORTED');
    expect((await ended(id)).status).toBe('cancelled');
  });
});
