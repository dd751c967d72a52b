import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectOpenCode, type OpenCodeClient } from '#adapters/opencode/opencode-client';
import type { ModelSource } from './model-source.ts';
import { type OpenCodeServer, startOpenCodeServer } from './opencode-server.ts';
import { whyRecycle } from './recycling.ts';
import type { SecretFilter } from './secret-filter.ts';

/** A server in use. */
export interface OpenCodeInUse {
  readonly client: OpenCodeClient;
  /** How the server ended while it was in use; undefined while it runs. */
  howEnded(): string | undefined;
  /** Ends the server, which cannot be trusted any more. The next use starts another. */
  discard(): Promise<void>;
}

/** The OpenCode servers of a runner: one, and beside it at most those that end with the work they still have. */
export interface OpenCodeHost {
  readonly models: ModelSource;
  /** Works with a server that answers: starts one when there is none, and anew when it is dead or does not answer. */
  use<T>(work: (inUse: OpenCodeInUse) => Promise<T>): Promise<T>;
  /** Ends a server that is idle, old or large. One that is in use gets no new work and ends with what it has. */
  tend(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenCodeHostOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly models: ModelSource;
  /** Learns the password of every server. */
  readonly secrets: SecretFilter;
  readonly log: (line: string) => void;
  /** Milliseconds, from any beginning. @default the process's own clock */
  readonly now?: () => number;
  /** @default a real server */
  readonly launch?: (order: Parameters<typeof startOpenCodeServer>[0]) => Promise<Launched>;
  /** Bytes of memory that a process takes; undefined where nobody can tell. */
  readonly memoryOf?: (pid: number) => Promise<number | undefined>;
}

/** A server and how to talk to it. */
export interface Launched {
  readonly server: Pick<OpenCodeServer, 'pid' | 'password' | 'howEnded' | 'stop'>;
  readonly client: OpenCodeClient;
}

interface Running extends Launched {
  readonly place: number;
  readonly startedAt: number;
  users: number;
  idleSince: number;
}

/** A host that has not started its server yet. */
export function openCodeHost({
  folder,
  environment,
  models,
  secrets,
  log,
  now = () => performance.now(),
  launch = launchServer,
  memoryOf = residentMemory,
}: OpenCodeHostOptions): OpenCodeHost {
  const all = new Set<Running>();
  let current: Running | undefined;

  const start = async (): Promise<Running> => {
    const startedAt = now();
    const place = freePlace(all);
    const launched = await launch({ ...filesOf(folder, place), environment, models });
    secrets.add(launched.server.password);
    log(`OpenCode is ready after ${((now() - startedAt) / 1_000).toFixed(1)} s, with ${models.description}`);
    const running: Running = { ...launched, place, startedAt: now(), users: 0, idleSince: now() };
    all.add(running);
    return running;
  };

  const end = async (ending: Running): Promise<void> => {
    if (current === ending) current = undefined;
    await ending.server.stop();
    all.delete(ending);
  };

  const isHealthy = async ({ server, client }: Running): Promise<boolean> =>
    server.howEnded() === undefined &&
    (await client.checkHealth().then(
      () => true,
      () => false,
    ));

  const look = async (): Promise<void> => {
    if (current === undefined) return;
    const { server, startedAt, users, idleSince } = current;
    const at = now();
    const idleMs = users > 0 ? undefined : at - idleSince;
    const reason = whyRecycle({ ageMs: at - startedAt, idleMs, memoryBytes: await memoryOf(server.pid) });
    if (reason === undefined) return;
    log(`the OpenCode server ends: ${reason}`);
    if (users === 0) return end(current);
    current = undefined;
  };

  const take = async (): Promise<Running> => {
    await look();
    if (current && !(await isHealthy(current))) {
      log('the OpenCode server does not answer; starting another');
      await end(current);
    }
    current ??= await start();
    current.users += 1;
    return current;
  };

  const putBack = async (used: Running): Promise<void> => {
    used.users -= 1;
    used.idleSince = now();
    if (used !== current && used.users === 0 && all.has(used)) await end(used);
  };

  let lastTurn: Promise<unknown> = Promise.resolve();
  /** One after the other: two assignments must not start two servers. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(act, act);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  return {
    models,
    async use(work) {
      const used = await inTurn(take);
      try {
        const { client, server } = used;
        return await work({ client, howEnded: server.howEnded, discard: () => inTurn(() => end(used)) });
      } finally {
        await inTurn(() => putBack(used));
      }
    },
    tend: () => inTurn(look),
    async close() {
      await inTurn(() => Promise.all([...all].map(end)));
      await models.close();
    },
  };
}

/** Servers beside each other need folders of their own. */
function freePlace(servers: ReadonlySet<Running>): number {
  const taken = new Set([...servers].map(({ place }) => place));
  let place = 0;
  while (taken.has(place)) place += 1;
  return place;
}

const filesOf = (folder: string, place: number) => ({
  folder: path.join(folder, String(place)),
  pidFile: path.join(path.dirname(folder), place === 0 ? 'opencode.pid' : `opencode-${place}.pid`),
});

async function launchServer(order: Parameters<typeof startOpenCodeServer>[0]): Promise<Launched> {
  const server = await startOpenCodeServer(order);
  const client = connectOpenCode(server);
  await client.checkHealth();
  return { server, client };
}

const bytesPerKilobyte = 1024;

/** What the kernel says the process holds, where it says so. */
async function residentMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * bytesPerKilobyte;
}
