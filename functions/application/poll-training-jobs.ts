import { ConcurrentUpdate } from '#domain/errors';
import { isTerminalTraining } from '#domain/training-job/status';
import { makeBrokenLook } from './broken-look.ts';
import type { Polled, PollPorts } from './poll-ports.ts';
import { makePollTrainingJob } from './poll-training-job.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DueWork } from './ports/due-work.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import type { Told } from './told-once.ts';

/** What a poll did. */
export interface PollCounts {
  readonly checkedCount: number;
  readonly updatedCount: number;
  readonly failedCount: number;
  /** Jobs whose provider said something that nobody knows: they stay as they are. */
  readonly unknownCount: number;
}

/** What one tick did. */
export interface TickCounts extends PollCounts {
  /** Whether jobs were left that the time of the tick was too short for: they come first in the next one. */
  readonly isCutShort: boolean;
}

const PAGE = 50;
/** Looks that are under way at a time: mostly they wait for a provider, which answers so many questions a second. */
const AT_ONCE = 10;
/** No look begins later than this; what one takes, with every repetition, is left of the time of the function that calls it. */
export const TICK_MS = 40_000;
const REQUEST_MS = 15_000;

/** What a look moves that belongs to its job alone: whoever was there first has looked at it. */
const OF_THE_JOB: ReadonlySet<string> = new Set(['training-job', 'training-live', 'training-points']);

/** One of those that contend wins each time, so that nobody loses this often. */
const LOOKS = 2 * AT_ONCE;

/** Looks at a job, again when a neighbour left the gate at the same moment; undefined when somebody else has just looked at it. */
const lookOnce = (clock: Clock, look: () => Promise<Polled>): Promise<Polled | undefined> =>
  retryConflict(
    clock,
    async () => {
      try {
        return await look();
      } catch (error) {
        if (error instanceof ConcurrentUpdate && OF_THE_JOB.has(error.what)) return undefined;
        throw error;
      }
    },
    LOOKS,
  );

/** Looks at jobs, or at what else there is to look at, and counts what came of it, as long as there is time. */
export const makeLooks = (clock: Clock, forMs: number) => {
  const until = clock.now() + forMs;
  const counts = { checkedCount: 0, updatedCount: 0, failedCount: 0, unknownCount: 0 };
  const count = (polled: Polled | undefined) => {
    if (polled !== undefined) counts.checkedCount++;
    if (polled === 'updated') counts.updatedCount++;
    if (polled === 'failed') counts.failedCount++;
    if (polled === 'unknown') counts.unknownCount++;
  };
  return {
    counts: (): PollCounts => ({ ...counts }),
    /** A few at a time. Answers whether there was time for all of them. */
    async all<T>(
      jobs: readonly T[],
      look: (job: T, told: Told) => Promise<Polled>,
      broken: (job: T, error: unknown) => Promise<Polled> = async () => 'failed',
    ): Promise<boolean> {
      const rest = [...jobs];
      const some = async () => {
        while (clock.now() < until) {
          const job = rest.shift();
          if (job === undefined) return;
          // one that cannot be looked at keeps no other from its look
          const told: Told = new Map();
          count(await lookOnce(clock, () => look(job, told)).catch((error: unknown) => broken(job, error)));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, some));
      return rest.length === 0 && clock.now() < until;
    },
  };
};

/**
 * Looks at the jobs of all tenants whose time to be looked at has come, in pages; each once, the one that waited longest first.
 * What one tick has no time for is left to the next.
 */
export const makePollDueTraining = ({
  due,
  storeOf,
  ...ports
}: Omit<PollPorts, 'store'> & { readonly due: DueWork; readonly storeOf: (tenantId: string) => TenantStore }) => {
  return async (): Promise<TickCounts> => {
    const until = isoNow(ports.clock);
    const looks = makeLooks(ports.clock, TICK_MS);
    for (let after: string | undefined; ; ) {
      const { items, next } = await due.dueTraining(until, { limit: PAGE, after });
      const isTimeLeft = await looks.all(
        items,
        ({ tenantId, jobId }, told) => makePollTrainingJob({ ...ports, store: storeOf(tenantId) })(jobId, told),
        ({ tenantId, jobId, dueAt }, error) =>
          makeBrokenLook({ ...ports, store: storeOf(tenantId) }).broken(jobId, error, dueAt),
      );
      if (next === undefined || !isTimeLeft) return { ...looks.counts(), isCutShort: !isTimeLeft };
      after = next;
    }
  };
};

/** Looks at one job now, because somebody said that it changed. One that somebody else looks at meanwhile needs no second look. */
export const makePollNamedTraining =
  (ports: PollPorts) =>
  async (jobId: string): Promise<PollCounts> => {
    const looks = makeLooks(ports.clock, TICK_MS);
    await looks.all([jobId], makePollTrainingJob(ports), makeBrokenLook(ports).broken);
    return looks.counts();
  };

const LOOKED_AT = 500;
const LISTED_AT_ONCE = 100;

/** Looks at the open jobs among the newest of one tenant now, whether their time has come or not, as far as a request has time. */
export const makePollTenantTraining = (ports: PollPorts) => async (): Promise<PollCounts> => {
  const looks = makeLooks(ports.clock, REQUEST_MS);
  const poll = makePollTrainingJob(ports);
  const { broken } = makeBrokenLook(ports);
  let after: string | undefined;
  for (let left = LOOKED_AT; left > 0; left -= LISTED_AT_ONCE) {
    const { items, next } = await ports.store.listTrainingJobs({ limit: LISTED_AT_ONCE, after });
    const open = items.filter(({ status }) => status !== 'pending' && !isTerminalTraining(status));
    const isTimeLeft = await looks.all(
      open,
      ({ id }, told) => poll(id, told),
      ({ id }, error) => broken(id, error),
    );
    if (next === undefined || !isTimeLeft) break;
    after = next;
  }
  return looks.counts();
};
