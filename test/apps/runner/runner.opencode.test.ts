import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTranscript } from '#domain/dataset/transcript';
import { anAssignment, scripted } from '#test/support/an-assignment';
import { eventually } from '#test/support/eventually';
import { gitIn } from '#test/support/git-world';
import { runnerToken } from '#test/support/scripted-control-plane';
import { anUploadStorage } from '#test/support/upload-storage';
import { secrets, startRunner } from './a-runner.ts';

let runner: ReturnType<typeof startRunner>;
let storage: Awaited<ReturnType<typeof anUploadStorage>>;

beforeAll(async () => {
  storage = await anUploadStorage();
  runner = startRunner({ concurrency: 4 });
  runner.plane.acceptUploads(storage.url);
});

afterAll(async () => {
  await runner.stop();
  runner.forget();
  storage.close();
}, 30_000);

let count = 0;
/** Every test has its own assignment. */
const nextId = () => `01JD8X5YB2M0Q4V6T8W1Z3C${String(++count).padStart(3, '0')}`;
const verify = (name: string, run: string, weight = 1) => ({ name, run, weight });

const expectToldAlongTheWay = () => {
  const told = runner.plane.events();
  const types = ['started', 'progress', 'tool', 'log', 'metrics'];
  expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(types));
  const written = { type: 'tool', tool: 'write', title: 'src/hello.txt', status: 'completed' };
  expect(told).toContainEqual(expect.objectContaining(written));
  const logged = ['Wrote a greeting.', expect.stringContaining('demo/scripted')];
  expect(runner.plane.logged()).toEqual(expect.arrayContaining(logged));
};

/** The processes whose command line contains the text. */
const processesWith = (text: string) =>
  execFileSync('ps', ['-eo', 'stat=,args='])
    .toString()
    .split('\n')
    .filter((line) => line.includes(text) && !line.startsWith('Z'));

describe.concurrent('a session on a repository', { timeout: 90_000 }, () => {
  it('is edited by the agent before all eyes, verified, committed with its trailer and kept on its branch in the cache', async () => {
    const origin = runner.anOrigin({ 'src/a.txt': 'one\n' });
    const prompt = scripted(
      'usage 1200 80',
      'write src/hello.txt | hello',
      'bash printf two | tee -a src/a.txt',
      'say Wrote a greeting.',
    );
    const workspace = {
      repository_url: origin.url,
      verify: [verify('greets', 'grep -q hello src/hello.txt && echo found')],
    };
    const assignment = anAssignment({ id: nextId(), title: 'Greet', prompt, workspace });
    const result = await runner.work(assignment);
    expectToldAlongTheWay();
    const branch = `iorch/${assignment.session_id}`;

    expect(result).toMatchObject({
      status: 'completed',
      success_rate: 1,
      metrics: { input_tokens: 1_200, output_tokens: 80, api_calls: 3 },
    });
    expect(result.output_data).toMatchObject({
      ...{ summary: 'Wrote a greeting.', model: 'demo/scripted', simulated: true },
      ...{ base_commit: origin.first, result_branch: branch, diff_cut: false },
      verification: [{ name: 'greets', exit_code: 0, output: 'found\n' }],
    });
    expect(result.output_data?.files?.map(({ path: file, status }) => [file, status]).sort()).toEqual([
      ['src/a.txt', 'modified'],
      ['src/hello.txt', 'added'],
    ]);
    expect(result.output_data?.diff).toContain('+hello');

    const cache = runner.repositories().find((folder) => existsSync(path.join(folder, 'refs/heads', branch)));
    const shown = gitIn(
      cache ?? '',
      'show',
      '-s',
      '--format=%H|%P|%an|%s|%(trailers:key=Iorch-Session,valueonly)',
      branch,
    );
    expect(shown.trim()).toBe(
      `${result.output_data?.result_commit}|${origin.first}|Industrial Orchestrator|Greet|${assignment.session_id}`,
    );
    expect(gitIn(origin.folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(gitIn(origin.folder, 'status', '--porcelain')).toBe('');
    await eventually(
      'no worktree',
      () => !runner.worktrees().some((name) => name.startsWith(assignment.assignment_id)),
    );
  });

  it('leaves a transcript of what the agent said, called and was answered, without secrets', async () => {
    const key = `AKIA${'ABCD'.repeat(4)}`;
    const prompt = scripted(`write key.txt | key = ${key}`, 'bash pwd; cat key.txt', 'say Wrote a key.');
    const result = await runner.work(anAssignment({ id: nextId(), prompt }));
    const [named] = result.artifacts ?? [];
    expect(named?.path).toBe('transcript.json');
    const content = storage.files.get(`${named?.artifact_id}`) ?? '';
    for (const hidden of [key, runner.workDir, ...Object.values(secrets)]) expect(content).not.toContain(hidden);
    const transcript = JSON.parse(content);
    expect(transcript).toMatchObject({ version: 1, model: 'demo/scripted', simulated: true });
    const roles = ['user', 'assistant', 'tool', 'assistant', 'tool', 'assistant'];
    const { messages } = transcript;
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(roles);
    expect(messages[1].tool_calls).toMatchObject([{ type: 'function', function: { name: 'write' } }]);
    expect(JSON.parse(messages[1].tool_calls[0].function.arguments)).toEqual({
      filePath: '/workspace/key.txt',
      content: expect.stringContaining('key = [REDACTED:aws_access_key_id]'),
    });
    expect(messages[4]).toMatchObject({ tool_call_id: messages[3].tool_calls[0].id });
    expect(messages[4].content).toContain('/workspace\nkey = [REDACTED:');
    expect(messages[5].content).toBe('Wrote a key.');
    expect(readTranscript(content)).toEqual(messages);
  });

  it("shows the agent's commands no token, no cloud credentials and not the password of OpenCode", async () => {
    const prompt = scripted('bash env; echo home is $HOME', 'say Done.');
    const setup = [verify('env', 'env > setup-env.txt')];
    const assignment = anAssignment({
      id: nextId(),
      prompt,
      workspace: { repository_url: runner.anOrigin().url, setup, verify: [verify('env', 'env')] },
    });
    const result = await runner.work(assignment);
    const seen = JSON.stringify([runner.plane.events(), result]);
    expect(seen).toContain(`home is ${runner.workDir}/home`);
    for (const secret of [...Object.values(secrets), runnerToken, '[secret]', 'OPENCODE_SERVER_PASSWORD', 'AWS_'])
      expect(seen).not.toContain(secret);
  });

  it('is pushed when it asks for that', async () => {
    const origin = runner.anOrigin();
    const workspace = { repository_url: origin.url, push: 'branch' as const, result_branch: 'feature/hello' };
    const result = await runner.work(anAssignment({ id: nextId(), prompt: scripted('write a.txt | x'), workspace }));
    expect(result.output_data).toMatchObject({ pushed: true, result_branch: 'feature/hello' });
    expect(gitIn(origin.folder, 'rev-parse', 'feature/hello')).toBe(result.output_data?.result_commit);
  });

  it('fails when a required verification fails, with diff and branch, unpushed', async () => {
    const origin = runner.anOrigin();
    const verification = [verify('heavy', 'true', 3), verify('light', 'echo broken; exit 3')];
    const workspace = { repository_url: origin.url, push: 'branch' as const, verify: verification };
    const assignment = anAssignment({ id: nextId(), prompt: scripted('write a.txt | x'), workspace });
    const result = await runner.work(assignment);
    expect(result).toMatchObject({
      status: 'failed',
      error_code: 'VERIFICATION_FAILED',
      retryable: true,
      success_rate: 0.75,
    });
    expect(result.error_message).toContain('"light" ended with exit code 3');
    expect(result.output_data?.diff).toContain('a.txt');
    expect(result.output_data?.result_branch).toBe(`iorch/${assignment.session_id}`);
    expect(gitIn(origin.folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it("works below the wanted folder and obeys the session's denials, not the repository's own", async () => {
    const configuration = JSON.stringify({ permission: { edit: 'deny' } });
    const origin = runner.anOrigin({ 'packages/one/a.txt': 'a\n', 'opencode.json': configuration });
    const workspace = {
      repository_url: origin.url,
      subdirectory: 'packages/one',
      permissions: { bash: 'deny' as const },
    };
    const prompt = scripted('write b.txt | b', 'bash touch c.txt', 'say Done.');
    const result = await runner.work(anAssignment({ id: nextId(), prompt, workspace }));
    expect(result.output_data?.files?.map(({ path: file }) => file)).toEqual(['packages/one/b.txt']);
  });

  it('fails without another attempt when the repository is refused', async () => {
    const workspace = { repository_url: runner.anOrigin().url, ref: 'nowhere' };
    const result = await runner.work(anAssignment({ id: nextId(), prompt: scripted('say Hi.'), workspace }));
    expect(result).toMatchObject({ status: 'failed', error_code: 'REPOSITORY_REFUSED', retryable: false });
  });
});

describe.concurrent('a session without a repository', { timeout: 90_000 }, () => {
  it('works in an empty folder under git', async () => {
    const result = await runner.work(
      anAssignment({
        id: nextId(),
        prompt: scripted('bash ls -A | grep -v .git; git log --format=%s', 'write a.txt | x'),
      }),
    );
    expect(result).toMatchObject({ status: 'completed', output_data: { files: [{ path: 'a.txt', status: 'added' }] } });
    expect(result).not.toHaveProperty('success_rate');
  });

  it('changes nothing and says how to get a real model when its prompt has no script', async () => {
    const result = await runner.work(
      anAssignment({ id: nextId(), prompt: 'Fix all bugs.', model: 'anthropic/claude-sonnet' }),
    );
    expect(result).toMatchObject({
      status: 'completed',
      output_data: { files: [], diff: '', model: 'demo/scripted', simulated: true },
    });
    expect(result.output_data?.summary).toContain('ANTHROPIC_API_KEY');
    expect(runner.plane.logged()).toContain(
      'the session asks for the model anthropic/claude-sonnet, which this runner does not have: it is not used',
    );
  });
});

describe.concurrent('a failing model', { timeout: 90_000 }, () => {
  it('is asked again after a 500, and the log says so', async () => {
    const result = await runner.work(
      anAssignment({ id: nextId(), prompt: scripted('fail 500 1', 'write a.txt | x', 'say Done.') }),
    );
    expect(result).toMatchObject({ status: 'completed', metrics: { api_errors: 1 } });
    expect(runner.plane.logged()).toContainEqual(expect.stringContaining('trying again'));
  });

  it('fails the session when it refuses, with what was done before', async () => {
    const result = await runner.work(
      anAssignment({ id: nextId(), prompt: scripted('write a.txt | x', 'fail 401', 'say Done.') }),
    );
    expect(result).toMatchObject({ status: 'failed', error_code: 'AGENT_EXECUTION_FAILED', retryable: false });
    expect(result.output_data?.files).toMatchObject([{ path: 'a.txt' }]);
  });
});

describe.concurrent('a run that must end early', { timeout: 90_000 }, () => {
  const untilItSleeps = (seconds: string) =>
    eventually(`sleep ${seconds}`, () => processesWith(`sleep ${seconds}`).length > 0);
  const long = (seconds: string) => scripted('write a.txt | x', `bash sleep ${seconds}`, 'say Done.');

  it('is aborted when its assignment is closed; its worktree goes and nothing is reported or pushed', async () => {
    const origin = runner.anOrigin();
    const assignment = anAssignment({
      id: nextId(),
      prompt: long('51.1'),
      workspace: { repository_url: origin.url, push: 'branch' },
    });
    runner.plane.add(assignment);
    await untilItSleeps('51.1');
    runner.plane.close(assignment.assignment_id);
    await eventually('an end', () => processesWith('sleep 51.1').length === 0);
    await eventually(
      'no worktree',
      () => !existsSync(path.join(runner.workDir, 'worktrees', `${assignment.assignment_id}-1`)),
    );
    await eventually('the log', () =>
      runner.lines.some((line) => line.includes(assignment.session_id) && line.endsWith('lost')),
    );
    expect(runner.plane.results.filter(({ assignmentId }) => assignmentId === assignment.assignment_id)).toEqual([]);
    expect(gitIn(origin.folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it('reports cancelled and throws the work away when it is told to', async () => {
    const assignment = anAssignment({ id: nextId(), prompt: long('53.3') });
    runner.plane.add(assignment);
    await untilItSleeps('53.3');
    runner.plane.direct(assignment.assignment_id, 'cancel');
    const result = await runner.resultOf(assignment);
    expect(result).toMatchObject({ status: 'cancelled' });
    expect(result.output_data).not.toHaveProperty('diff');
    expect(processesWith('sleep 53.3')).toEqual([]);
  });
});

describe('a killed OpenCode server', { timeout: 90_000 }, () => {
  it('fails what it worked on and is replaced for the next assignment', async () => {
    const assignment = anAssignment({ id: nextId(), prompt: scripted('bash sleep 54.4') });
    runner.plane.add(assignment);
    await eventually('sleep 54.4', () => processesWith('sleep 54.4').length > 0);
    const pid = execFileSync('cat', [path.join(runner.workDir, 'opencode.pid')]).toString();
    process.kill(Number(pid), 'SIGKILL');
    expect(await runner.resultOf(assignment)).toMatchObject({
      ...{ status: 'failed', retryable: true, error_code: 'UPSTREAM_ERROR' },
      error_message: 'the OpenCode server ended by the signal SIGKILL in the middle of the work',
    });
    const next = await runner.work(anAssignment({ id: nextId(), prompt: scripted('say Alive.') }));
    expect(next).toMatchObject({ status: 'completed', output_data: { summary: 'Alive.' } });
    for (const line of execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n')) {
      if (line.includes('sleep 54.4')) process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
    }
  });
});
