import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makePollDueTraining, makePollTenantTraining, TICK_MS } from '#application/poll-training-jobs';
import type { TrainingProvider } from '#application/ports/training-provider';
import { TRAINING_GATE } from '#application/training-slot';
import type { ProviderReport } from '#domain/training-job/advance';
import { NOON } from '#test/support/a-session';
import { aClock, countedIdentifiers, recordingTokens } from '#test/support/ports-in-memory';
import { storeTrainingsUnderWay, trainingId, type UnderWay } from '#test/support/trainings-under-way';

const TENANTS = ['A', 'B', 'C'];

/** What each call of the table was. */
const counted = (engine: ItemEngine) => {
  const calls = { reads: 0, queries: 0, writes: 0 };
  const counting: ItemEngine = {
    get: (key) => {
      calls.reads++;
      return engine.get(key);
    },
    getMany: (keys) => {
      calls.reads += keys.length;
      return engine.getMany(keys);
    },
    query: (query) => {
      calls.queries++;
      return engine.query(query);
    },
    transact: (operations) => {
      calls.writes += operations.length;
      return engine.transact(operations);
    },
  };
  return { engine: counting, calls };
};

const reporting = (report: Partial<ProviderReport> = {}): TrainingProvider => ({
  nameOf: ({ jobId }) => jobId,
  start: async () => ({ externalJobId: '' }),
  status: async () => ({ status: 'running', phase: 'training', points: [], ...report }),
  cancel: async () => true,
});

/** A poller of trainings under way in three tenants, all of them due. */
const aPoller = async (count: number, provider: TrainingProvider, fields: Partial<UnderWay> = {}) => {
  const memory = makeMemoryEngine();
  const { engine, calls } = counted(memory);
  const clock = aClock();
  const jobs = await storeTrainingsUnderWay((tenantId) => makeTenantStore(memory, tenantId), {
    ...{ count, tenants: TENANTS, at: NOON },
    ...fields,
  });
  const storeOf = (tenantId: string) => makeTenantStore(engine, tenantId);
  const ports = { clock, ids: countedIdentifiers(), tokens: recordingTokens(), providers: () => provider };
  return {
    poll: makePollDueTraining({ ...ports, due: makeDueWork(engine), storeOf }),
    pollTenant: makePollTenantTraining({ ...ports, store: storeOf('A') }),
    ...{ jobs, calls, clock, storeOf, items: memory.items },
  };
};

/** Who was asked after, in order. */
const asking = (provider: TrainingProvider, before: () => unknown = () => undefined) => {
  const asked: string[] = [];
  const status: TrainingProvider['status'] = async (id, job) => {
    asked.push(`${job.tenantId} ${job.jobId}`);
    await before();
    return provider.status(id, job);
  };
  return { asked, provider: { ...provider, status } };
};

describe('the poller of trainings', () => {
  it('touches each of 120 due jobs of three tenants once, in pages, and none before a minute has passed', async () => {
    const { asked, provider } = asking(reporting());
    const { poll, clock } = await aPoller(120, provider);
    expect(await poll()).toEqual({
      ...{ checkedCount: 120, updatedCount: 120, failedCount: 0, unknownCount: 0 },
      isCutShort: false,
    });
    expect([asked.length, new Set(asked).size]).toEqual([120, 120]);
    expect(await poll()).toMatchObject({ checkedCount: 0 });
    clock.advance(60);
    expect(await poll()).toMatchObject({ checkedCount: 120, updatedCount: 0, failedCount: 0 });
  });

  it('changes each job once when two of them come at the same time', async () => {
    const { poll, items } = await aPoller(60, reporting());
    const [one, two] = await Promise.all([poll(), poll()]);
    expect((one?.updatedCount ?? 0) + (two?.updatedCount ?? 0)).toBe(60);
    const moved = items().filter(({ type }) => type === 'training_job.status_changed');
    expect(moved).toHaveLength(60);
    expect(new Set(moved.map(({ stream }) => stream)).size).toBe(60);
  });

  it('goes on with the others when one of them cannot be looked at', async () => {
    const broken = trainingId(2);
    const provider = reporting();
    const status: TrainingProvider['status'] = async (id, job) => {
      if (job.jobId === broken) throw new Error('no answer');
      return provider.status(id, job);
    };
    const { poll, storeOf } = await aPoller(6, { ...provider, status });
    expect(await poll()).toMatchObject({ checkedCount: 6, updatedCount: 5, failedCount: 1 });
    expect((await storeOf('C').getTrainingJob(broken)).status).toBe('queued');
  });

  it('asks after a few jobs at a time', async () => {
    let [open, most] = [0, 0];
    const { provider } = asking(reporting(), async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open--;
    });
    const { poll } = await aPoller(40, provider);
    await poll();
    expect([open, most]).toEqual([0, 10]);
  });

  it('leaves what its time is too short for to the next tick, which begins with it', async () => {
    const { asked, provider } = asking(reporting(), () => clock.advance(TICK_MS / 1000 / 50));
    const { poll, clock, jobs } = await aPoller(120, provider);
    const ticks = [await poll(), await poll(), await poll()];
    expect(ticks.map(({ isCutShort }) => isCutShort)).toEqual([true, true, false]);
    // a look that has begun is ended
    for (const { checkedCount } of ticks) expect(checkedCount).toBeLessThanOrEqual(60);
    expect(new Set(asked.slice(0, jobs.length)).size).toBe(jobs.length);
  });

  it('reads four items of a job of which nothing is new, and writes one', async () => {
    const { poll, calls } = await aPoller(100, reporting(), { status: 'running' });
    expect(await poll()).toMatchObject({ checkedCount: 100, updatedCount: 0 });
    expect(calls).toEqual({ reads: 400, queries: 3, writes: 100 });
  });

  it('ends all jobs of a tenant that fail at the same moment, and frees the slot of each', async () => {
    const provider = reporting({ status: 'failed', error: { code: 'TRAINING_FAILED', message: 'out of memory' } });
    const { poll, storeOf, jobs } = await aPoller(12, provider, { tenants: ['A'], status: 'running' });
    expect(await poll()).toMatchObject({ checkedCount: 12, updatedCount: 12, failedCount: 0 });
    for (const { id } of jobs) expect((await storeOf('A').getTrainingJob(id)).status).toBe('failed');
    expect(await storeOf('A').findGate(TRAINING_GATE)).toMatchObject({ held: 0 });
  });
});

describe('a poll that a tenant asks for', () => {
  it('looks at its open jobs, and at nobody else’s', async () => {
    const { asked, provider } = asking(reporting());
    const { pollTenant } = await aPoller(30, provider);
    expect(await pollTenant()).toEqual({ checkedCount: 10, updatedCount: 10, failedCount: 0, unknownCount: 0 });
    expect(asked.every((one) => one.startsWith('A '))).toBe(true);
  });

  it('ends before its request does', async () => {
    const { asked, provider } = asking(reporting(), () => clock.advance(4));
    const { pollTenant, clock } = await aPoller(300, provider);
    const { checkedCount } = await pollTenant();
    expect(checkedCount).toBe(asked.length);
    expect(checkedCount).toBeLessThan(20);
  });
});
