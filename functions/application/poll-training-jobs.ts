import { ConcurrentUpdate } from '#domain/errors';
import { makePollTrainingJob, type PollPorts } from './poll-training-job.ts';
import type { DueWork } from './ports/due-work.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** What a poll did. */
export interface PollCounts {
  readonly checkedCount: number;
  readonly updatedCount: number;
  readonly failedCount: number;
  /** Jobs whose provider said something that nobody knows: they stay as they are. */
  readonly unknownCount: number;
}

const NOTHING: PollCounts = { checkedCount: 0, updatedCount: 0, failedCount: 0, unknownCount: 0 };

const PAGE = 50;
/** More would not fit into the time of one call. */
const MAX_PAGES = 40;

const poller = (poll: (jobId: string) => Promise<string>) => {
  const counts = { ...NOTHING };
  return {
    counts,
    look: async (jobId: string): Promise<void> => {
      try {
        const polled = await poll(jobId);
        counts.checkedCount++;
        if (polled === 'updated') counts.updatedCount++;
        if (polled === 'failed') counts.failedCount++;
        if (polled === 'unknown') counts.unknownCount++;
      } catch (error) {
        // somebody else has just looked at it
        if (error instanceof ConcurrentUpdate) return;
        counts.checkedCount++;
        counts.failedCount++;
      }
    },
  };
};

const sum = (a: PollCounts, b: PollCounts): PollCounts => ({
  checkedCount: a.checkedCount + b.checkedCount,
  updatedCount: a.updatedCount + b.updatedCount,
  failedCount: a.failedCount + b.failedCount,
  unknownCount: a.unknownCount + b.unknownCount,
});

/** Looks at every job of all tenants whose time to be looked at has come, in pages; each once. */
export const makePollDueTraining = ({
  due,
  storeOf,
  ...ports
}: Omit<PollPorts, 'store'> & { readonly due: DueWork; readonly storeOf: (tenantId: string) => TenantStore }) => {
  return async (): Promise<PollCounts> => {
    const until = new Date(ports.clock.now()).toISOString();
    const seen = new Set<string>();
    let total: PollCounts = NOTHING;
    for (let page = 0; page < MAX_PAGES; page++) {
      const found = await due.dueTraining(until, PAGE + seen.size);
      const fresh = found.filter(({ jobId }) => !seen.has(jobId)).slice(0, PAGE);
      if (fresh.length === 0) break;
      for (const { tenantId, jobId } of fresh) {
        seen.add(jobId);
        const { look, counts } = poller(makePollTrainingJob({ ...ports, store: storeOf(tenantId) }));
        await look(jobId);
        total = sum(total, counts);
      }
    }
    return total;
  };
};

/** Looks at one job now, because somebody said that it changed. One that somebody else looks at meanwhile needs no second look. */
export const makePollNamedTraining =
  (ports: PollPorts) =>
  async (jobId: string): Promise<PollCounts> => {
    const { look, counts } = poller(makePollTrainingJob(ports));
    await look(jobId);
    return counts;
  };

const LOOKED_AT = 500;
const AT_ONCE = 100;

/** Looks at the open jobs among the newest of one tenant now, whether their time has come or not. */
export const makePollTenantTraining = (ports: PollPorts) => async (): Promise<PollCounts> => {
  const { look, counts } = poller(makePollTrainingJob(ports));
  let after: string | undefined;
  for (let left = LOOKED_AT; left > 0; left -= AT_ONCE) {
    const { items, next } = await ports.store.listTrainingJobs({ limit: AT_ONCE, after });
    for (const { id, status } of items)
      if (status === 'queued' || status === 'running' || status === 'evaluating') await look(id);
    if (next === undefined) break;
    after = next;
  }
  return counts;
};
