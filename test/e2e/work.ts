import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { inject, onTestFinished } from 'vitest';
import { type CallInput, type Client, makeClient } from '#contracts/client';
import type { Session } from '#contracts/session';
import { isTerminal } from '#domain/session/status';
import { projectRoot } from '#scripts/local/cloud-folder';
import { localAws } from '#scripts/local/local-aws';
import { makeRepository } from '#scripts/local/sample-repository';
import type { KeyRole } from '#scripts/local/stack-file';

export const run = promisify(execFile);

const endTimeoutMs = 150_000;
const pollMs = 300;

/** Polls until `look` finds something. Rejects with `what` when the deadline has passed. */
export const eventually = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + endTimeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come`);
    await sleep(pollMs);
  }
};

/** The API with the demo tenant's key of a role, or with another credential. */
export const api = (role: KeyRole, credential = inject('cloud').stack.keys[role]): Client =>
  makeClient({ baseUrl: inject('cloud').stack.api_url, credential });

export const script = (...lines: string[]): string => ['Do the steps.', '```iorch-script', ...lines, '```'].join('\n');

/** Runs `iorch` from this clone with a key. Rejects when it exits with another code than 0. */
export const iorchWith = (key: string, ...args: string[]) =>
  run(process.execPath, [join(projectRoot, 'apps/cli/bin/iorch.mjs'), ...args], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      HOME: temporaryFolder(),
      IORCH_API_URL: inject('cloud').stack.api_url,
      IORCH_API_KEY: key,
    },
  });

type Request = CallInput<'createSession'>['body'];

/** Creates and starts a session of the demo tenant, as a member. */
export const begin = (request: Partial<Request> & Pick<Request, 'prompt'>): Promise<Session> =>
  api('member').call('createSession', { body: { title: 'End-to-end', start: true, ...request } });

/** The session when its status is final. */
export const ended = (session_id: string, client = api('viewer')): Promise<Session> =>
  eventually(`the end of session ${session_id}`, async () => {
    const session = await client.call('getSession', { params: { session_id } });
    return isTerminal(session.status) ? session : undefined;
  });

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'iorch-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A repository of these files with one commit; gone after the test. */
export const aRepository = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const path = join(temporaryFolder(), 'repository');
  await makeRepository(path, files);
  return path;
};

export const urlOf = (path: string): string => pathToFileURL(path).href;

export const git = async (path: string, ...args: string[]): Promise<string> =>
  (await run('git', ['-C', path, ...args])).stdout.trim();

type Machine = 'SessionLifecycleArn' | 'FineTuningArn';

/** The execution that drove a session or a training job, as the AWS API tells it: its status and the states it entered, in order. */
export const executionOf = async (id: string, machine: Machine = 'SessionLifecycleArn') => {
  const { stack, outputs } = inject('cloud');
  const client = new SFNClient(localAws(stack.aws_endpoint_url));
  const request = { stateMachineArn: outputs[machine] };
  for await (const { executions = [] } of paginateListExecutions({ client }, request)) {
    const own = executions.find(({ name }) => name?.includes(id));
    if (!own) continue;
    const { executionArn } = own;
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const states: string[] = [];
    for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
      states.push(...events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name ? [entered.name] : [])));
    }
    return { status, states };
  }
  return undefined;
};
