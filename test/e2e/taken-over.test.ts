import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ApiProblem, type Client } from '#contracts/client';
import { endAbandoned } from '#scripts/local/abandoned-processes';
import { projectRoot } from '#scripts/local/cloud-folder';
import { localAws } from '#scripts/local/local-aws';
import { api, aRepository, ended, eventually, script, temporaryFolder, urlOf } from './work.ts';

/** A tenant in which nobody else works: a client of its lead, and a runner's key. */
const aTenantWithoutRunners = async (slug: string) => {
  const admin = api('admin');
  const tenant = await admin.call('createTenant', { body: { name: 'Taken over', slug } });
  const headers = { 'x-tenant-id': tenant.id };
  const keyOf = async (role: 'lead' | 'runner') =>
    (await admin.call('createApiKey', { headers, body: { name: role, role } })).key ?? '';
  return { lead: api('lead', await keyOf('lead')), runnerKey: await keyOf('runner') };
};

/** Starts a runner in a process group of its own, as a user would on another machine. */
const startRunner = (name: string, key: string) => {
  const folder = temporaryFolder();
  for (const part of ['home', 'work']) mkdirSync(join(folder, part));
  const log = join(folder, 'runner.log');
  const output = createWriteStream(log);
  const child: ChildProcess = spawn(
    join(projectRoot, 'node_modules/.bin/node'),
    [
      join(projectRoot, 'apps/cli/bin/iorch.mjs'),
      ...['runner', '--name', name, '--allow-file-repos', '--work-dir', join(folder, 'work')],
    ],
    {
      cwd: folder,
      detached: true,
      env: {
        HOME: join(folder, 'home'),
        PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
        IORCH_API_URL: inject('cloud').stack.api_url,
        IORCH_API_KEY: key,
      },
    },
  );
  child.stdout?.pipe(output);
  child.stderr?.pipe(output);
  const kill = () => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  onTestFinished(async () => {
    kill();
    // a killed runner cannot end its OpenCode server
    await endAbandoned(join(folder, 'work'), 1_000);
  });
  return { kill, log: () => readFileSync(log, 'utf8') };
};

const sweep = async () => {
  const { stack, outputs } = inject('cloud');
  const client = new LambdaClient(localAws(stack.aws_endpoint_url));
  await client.send(new InvokeCommand({ FunctionName: outputs.SweeperFunctionName, Payload: Buffer.from('{}') }));
};

/** The agent of that name, with a token of its newest registration. */
const registeredAgain = async (runner: Client, name: string) => {
  const { agent_id, auth_token } = await runner.call('registerExternalAgent', {
    body: { protocol_version: '1.1', name, capabilities: ['code_generation'], replace: true },
  });
  return { agent_id, client: api('runner', auth_token) };
};

describe('a runner that is killed in mid-run', () => {
  it('leaves its work to another one, which finishes it from the checkpoint; what it sends late is refused', async () => {
    const { lead, runnerKey } = await aTenantWithoutRunners('taken-over');
    const first = startRunner('FIRST', runnerKey);
    const session = await lead.call('createSession', {
      body: {
        title: 'Taken over',
        prompt: script('write a.txt | first', 'sleep 20000', 'write b.txt | second', 'say Both.'),
        workspace: {
          repository_url: urlOf(await aRepository({ 'README.md': '# Origin\n' })),
          verify: [{ name: 'both', run: 'test "$(cat a.txt b.txt)" = "$(printf "first\\nsecond")"' }],
        },
        start: true,
      },
    });
    const params = { session_id: session.id };
    const read = () => lead.call('getSession', { params });
    const atWork = await eventually('a checkpoint', async () => {
      const now = await read();
      return now.checkpoint_count > 0 ? now : undefined;
    });
    first.kill();
    const second = startRunner('SECOND', runnerKey);
    await eventually('another runner at work', async () => {
      await sweep();
      const { agent_id } = await read();
      return agent_id === undefined || agent_id === atWork.agent_id ? undefined : agent_id;
    });

    const late = await registeredAgain(api('runner', runnerKey), 'FIRST');
    expect(late.agent_id).toBe(atWork.agent_id);
    const submitted = late.client.call('eapSubmitResult', {
      params: { agent_id: late.agent_id, assignment_id: atWork.assignment_id ?? '' },
      body: { task_id: atWork.assignment_id ?? '', status: 'completed', fencing_token: 1 },
    });
    await expect(submitted).rejects.toSatisfy(
      (error) => error instanceof ApiProblem && error.problem.code === 'STALE_FENCING_TOKEN',
    );

    expect(await ended(session.id, lead)).toMatchObject({ status: 'completed', attempt: 1, success_rate: 1 });
    expect(second.log()).toContain('completed');
    const { items } = await lead.call('listSessionLogs', { params, query: { limit: 100 } });
    const messages = items.map(({ message }) => message);
    expect(messages.filter((message) => message.startsWith('write started: a.txt'))).toHaveLength(1);
    expect(messages.some((message) => message.startsWith('going on from checkpoint'))).toBe(true);
    const { files } = await lead.call('getSessionDiff', { params });
    expect(files.map(({ path }) => path)).toEqual(['a.txt', 'b.txt']);
  });
});
