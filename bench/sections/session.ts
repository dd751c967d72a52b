import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { connectOpenCode, type OpenCodeClient } from '#adapters/opencode/opencode-client';
import { reducedEnvironment } from '#apps/runner/environment';
import { followRun } from '#apps/runner/follow-run';
import { openModelSource } from '#apps/runner/model-source';
import { startOpenCodeServer } from '#apps/runner/opencode-server';
import { median, rounded } from '#bench/median';
import type { Section } from '#bench/section';
import { makeClient } from '#contracts/client';
import { isTerminal } from '#domain/session/status';
import { cloudFolder } from '#scripts/local/cloud-folder';
import { installEmulator } from '#scripts/local/emulator-requirements';
import { type LocalCloud, startLocalCloud, stopLocalCloud } from '#scripts/local/local-cloud';
import { makeSampleRepository } from '#scripts/local/sample-repository';
import { eventually } from '#test/support/eventually';

const run = promisify(execFile);
const ROUNDS = 5;
const PROMPT = readFileSync(path.join(import.meta.dirname, '../../examples/hello.md'), 'utf8');
const VERIFY = 'npm test';

/** Seconds of each part of one session, in order. */
type Hops = Readonly<Record<string, number>>;

const secondsBetween = (from: string | number, to: string | number) =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;

/** One session through the local cloud, as `iorch run` makes it. */
const throughTheCloud = async ({ stack }: LocalCloud): Promise<Hops> => {
  const client = makeClient({ baseUrl: stack.api_url, credential: stack.keys.member });
  const workspace = {
    repository_url: pathToFileURL(stack.sample_repository).href,
    push: 'branch' as const,
    verify: [{ name: VERIFY, run: VERIFY }],
  };
  const askedAt = Date.now();
  const { id } = await client.call('createSession', {
    body: { title: 'Add a farewell', prompt: PROMPT, start: true, workspace },
  });
  const answeredAt = Date.now();
  const params = { session_id: id };
  const ended = await eventually(`the end of session ${id}`, async () => {
    const session = await client.call('getSession', { params });
    return isTerminal(session.status) && session;
  });
  const seenAt = Date.now();
  if (ended.status !== 'completed') throw new Error(`session ${id} is ${ended.status}: ${ended.error?.message}`);

  const { items: events } = await client.call('listSessionEvents', { params });
  const { items: lines } = await client.call('listSessionLogs', { params });
  const result = await client.call('getSessionResult', { params });
  const changedTo = (status: string) => events.find(({ payload }) => payload['new_status'] === status)?.timestamp ?? '';
  const said = (start: string) => lines.find(({ message }) => message.startsWith(start))?.logged_at ?? '';
  const [gotWork, agentBegan, pushed] = [said('getting '), said('the agent works with'), said('pushed the branch')];
  const agentSeconds = (result.usage.agent_ms ?? 0) / 1000;
  const verifySeconds = (result.usage.verify_ms ?? 0) / 1000;
  return {
    'request, until it is answered': secondsBetween(askedAt, answeredAt),
    'queued → running (stream, bus, queue, execution, slot)': secondsBetween(changedTo('queued'), changedTo('running')),
    'running → a runner has it (dispatch, its poll)': secondsBetween(changedTo('running'), gotWork),
    'repository and worktree': secondsBetween(gotWork, agentBegan),
    agent: agentSeconds,
    verification: verifySeconds,
    'commit, diff, push': secondsBetween(agentBegan, pushed) - agentSeconds - verifySeconds,
    'result → completed (stream, bus, queue, judge, record)': secondsBetween(pushed, ended.ended_at ?? ''),
    'until the client has seen it': secondsBetween(ended.ended_at ?? '', seenAt),
    whole: secondsBetween(askedAt, seenAt),
  };
};

interface ByHand {
  readonly client: OpenCodeClient;
  readonly model: string;
  readonly origin: string;
  readonly directory: string;
}

/** The same script by hand: a clone, OpenCode's server that runs already, the same verification. */
const onOpenCode = async ({ client, model, origin, directory }: ByHand): Promise<Hops> => {
  const begunAt = Date.now();
  await run('git', ['clone', '--quiet', origin, directory]);
  const clonedAt = Date.now();
  const task = { key: path.basename(directory), directory };
  const permissions = [{ permission: '*', pattern: '*', action: 'allow' as const }];
  await client.ensureSession(task, { title: 'Add a farewell', permissions });
  await client.ensurePrompt(task, { text: PROMPT, model });
  await followRun({ client, run: task, signal: new AbortController().signal, onLook: () => undefined });
  const workedAt = Date.now();
  await run('sh', ['-c', VERIFY], { cwd: directory });
  const verifiedAt = Date.now();
  await client.disposeDirectory(task);
  return {
    'repository and worktree': secondsBetween(begunAt, clonedAt),
    agent: secondsBetween(clonedAt, workedAt),
    verification: secondsBetween(workedAt, verifiedAt),
    whole: secondsBetween(begunAt, verifiedAt),
  };
};

const medians = (all: readonly Hops[]): Hops =>
  Object.fromEntries(Object.keys(all[0] ?? {}).map((name) => [name, median(all.map((hops) => hops[name] ?? 0))]));

/** An OpenCode server of its own while `work` goes on. */
const withOpenCode = async <T>(
  folder: string,
  work: (server: Pick<ByHand, 'client' | 'model' | 'origin'>) => Promise<T>,
): Promise<T> => {
  const origin = path.join(folder, 'origin');
  await makeSampleRepository(origin, () => undefined);
  const models = await openModelSource({});
  const server = await startOpenCodeServer({
    ...{ folder: path.join(folder, 'opencode'), pidFile: path.join(folder, 'opencode.pid') },
    ...{ environment: reducedEnvironment(process.env, path.join(folder, 'home')), models },
  });
  try {
    return await work({ client: connectOpenCode(server), model: models.demoModel ?? '', origin });
  } finally {
    await server.stop();
    await models.close();
  }
};

/** A local cloud of its own while `work` goes on. */
const withLocalCloud = async <T>(folder: string, work: (cloud: LocalCloud) => Promise<T>): Promise<T> => {
  await installEmulator();
  const place = cloudFolder(folder);
  try {
    return await work(await startLocalCloud(place, { keepsState: false, port: 'any' }));
  } finally {
    await stopLocalCloud(place);
  }
};

/** Both in turn, so that whatever else the machine does hits both. The first of each is not counted. */
const inTurn = (folder: string): Promise<{ direct: Hops; cloud: Hops }> =>
  withLocalCloud(path.join(folder, 'cloud'), (localCloud) =>
    withOpenCode(path.join(folder, 'direct'), async (server) => {
      const direct: Hops[] = [];
      const cloud: Hops[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        direct.push(await onOpenCode({ ...server, directory: path.join(folder, 'direct', `run-${round}`) }));
        cloud.push(await throughTheCloud(localCloud));
      }
      return { direct: medians(direct.slice(1)), cloud: medians(cloud.slice(1)) };
    }),
  );

/** A scripted session through the local cloud against the same script on OpenCode alone. */
export const session: Section = {
  id: 'session',
  title: 'A scripted session, hop by hop',
  comparedTo: [
    'The session of `examples/hello.md` through the whole local cloud and its runner is compared to the same prompt given to an OpenCode',
    `server directly, on a clone of the same repository and with the same verification. Seconds, median of ${ROUNDS} of each, in turn, after one of each`,
    'that nobody counts: functions, runner and OpenCode are warm in both. The scripted model answers at once, so what is left is what the',
    'control plane and the runner add; a real model works for minutes in between.',
  ].join(' '),
  repeat: 'npm run bench -- session',
  isLong: true,
  async measure() {
    const folder = mkdtempSync(path.join(tmpdir(), 'iorch-bench-'));
    try {
      const { direct, cloud } = await inTurn(folder);
      const [whole = 0, alone = 0] = [cloud['whole'], direct['whole']];
      return {
        columns: ['hop', 'local cloud', 'OpenCode alone', 'difference'],
        rows: Object.entries(cloud).map(([hop, seconds]) => [
          ...[hop, rounded(seconds, 2), hop in direct ? rounded(direct[hop] ?? 0, 2) : ''],
          rounded(seconds - (direct[hop] ?? 0), 2),
        ]),
        beyond: [],
        remark: `Through the local cloud it takes ${rounded(whole / alone, 1)} × as long, ${rounded(whole - alone, 1)} s more. Hops are medians of their own and need not add up.`,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};
