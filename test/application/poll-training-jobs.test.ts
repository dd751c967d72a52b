import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makePollDueTraining, makePollTenantTraining, TICK_MS } from '#application/poll-training-jobs';
import type { TenantStore } from '#application/ports/tenant-store';
import type { TrainingProvider } from '#application/ports/training-provider';
import { TRAINING_GATE } from '#application/training-slot';
import type { TrainingFailure, TrainingRemark } from '#application/training-trouble';
import { viewTraining } from '#application/training-view';
import { readTraining } from '#application/training-writes';
import { ConcurrentUpdate } from '#domain/errors';
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
const aPoller = async (
  count: number,
  provider: TrainingProvider,
  { broken = {}, ...fields }: Partial<UnderWay> & { broken?: Partial<TenantStore> } = {},
) => {
  const memory = makeMemoryEngine();
  const { engine, calls } = counted(memory);
  const clock = aClock();
  const jobs = await storeTrainingsUnderWay((tenantId) => makeTenantStore(memory, tenantId), {
    ...{ count, tenants: TENANTS, at: NOON },
    ...fields,
  });
  const storeOf = (tenantId: string) => ({ ...makeTenantStore(engine, tenantId), ...broken });
  const remarks: TrainingRemark[] = [];
  const notes: TrainingFailure[] = [];
  const told = { report: (one: TrainingRemark) => remarks.push(one), note: (one: TrainingFailure) => notes.push(one) };
  const ports = { clock, ids: countedIdentifiers(), tokens: recordingTokens(), providers: () => provider, ...told };
  return {
    poll: makePollDueTraining({ ...ports, due: makeDueWork(engine), storeOf }),
    pollTenant: makePollTenantTraining({ ...ports, store: storeOf('A') }),
    ...{ jobs, calls, clock, storeOf, items: memory.items, engine, remarks, notes },
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

const MINUTE = 60;
const refused = () => Promise.reject(new Error('the item is broken'));

describe('a job that cannot be looked at', () => {
  it('ends when its time is over, and calls for attention after ten minutes', async () => {
    const poller = await aPoller(1, reporting(), { broken: { findJobWait: refused }, tenants: ['A'] });
    const { poll, clock, remarks, notes, jobs, storeOf } = poller;
    const jobId = jobs[0]?.id ?? '';
    expect(await poll()).toMatchObject({ failedCount: 1 });
    expect(notes).toEqual([{ tenantId: 'A', jobId, during: 'look', error: new Error('the item is broken') }]);
    clock.advance(9 * MINUTE);
    await poll();
    expect(remarks).toEqual([]);
    clock.advance(MINUTE);
    await poll();
    expect(remarks).toEqual([{ tenantId: 'A', jobId, found: 'training_not_looked_at' }]);
    clock.advance(24 * 60 * MINUTE);
    expect(await poll()).toMatchObject({ updatedCount: 1 });
    expect(await storeOf('A').getTrainingJob(jobId)).toMatchObject({
      ...{ status: 'failed', error: { code: 'TRAINING_TIMEOUT' } },
    });
  });

  it('calls for attention, too, when nothing can be stored of it', async () => {
    const { poll, clock, remarks, notes } = await aPoller(1, reporting(), { broken: { commit: refused } });
    await poll();
    expect([remarks, notes.map(({ during }) => during)]).toEqual([[], ['look', 'deadline']]);
    clock.advance(10 * MINUTE);
    await poll();
    expect(remarks.map(({ found }) => found)).toEqual(['training_not_looked_at']);
  });

  it('is as it was before once a look succeeds again', async () => {
    let isBroken = true;
    const findJobWait = () => (isBroken ? refused() : Promise.resolve(undefined));
    const broken: Partial<TenantStore> = { findJobWait };
    const { poll, clock, jobs, storeOf } = await aPoller(1, reporting(), { broken, tenants: ['A'] });
    await poll();
    const live = () => storeOf('A').findTrainingLive(jobs[0]?.id ?? '');
    expect(await live()).toMatchObject({ failingSince: NOON });
    isBroken = false;
    clock.advance(MINUTE);
    expect(await poll()).toMatchObject({ updatedCount: 1 });
    expect((await live())?.failingSince).toBeUndefined();
  });
});

describe('a provider that does not answer', () => {
  const denied = 'not authorized to perform: sagemaker:DescribeTrainingJob';

  it('is quoted on the job while it is silent, in what is noted, and in why the job ended', async () => {
    const provider = reporting();
    let isSilent = true;
    const status: TrainingProvider['status'] = async (id, job) => {
      if (isSilent) throw new Error(`${denied} ${'x'.repeat(1000)}`);
      return provider.status(id, job);
    };
    const { poll, clock, jobs, storeOf, notes } = await aPoller(1, { ...provider, status }, { tenants: ['A'] });
    const jobId = jobs[0]?.id ?? '';
    const shown = async () => viewTraining(await readTraining(storeOf('A'), jobId)).providerError;
    await poll();
    expect(await shown()).toMatch(denied);
    expect(await shown()).toHaveLength(300);
    expect(notes).toMatchObject([{ jobId, during: 'ask' }]);
    isSilent = false;
    clock.advance(MINUTE);
    await poll();
    expect(await shown()).toBeNull();
    isSilent = true;
    clock.advance(24 * 60 * MINUTE);
    await poll();
    const { status: end, error } = await storeOf('A').getTrainingJob(jobId);
    expect([end, error?.code]).toEqual(['failed', 'TRAINING_TIMEOUT']);
    expect(error?.message).toContain(`its provider does not tell how it stands: ${denied}`);
    expect(await shown()).toBeNull();
  });

  it('is not asked again because somebody else moved first', async () => {
    const { asked, provider } = asking(reporting({ status: 'failed' }));
    let conflicts = 3;
    const commit: TenantStore['commit'] = async (writes) => {
      if (conflicts-- > 0) throw new ConcurrentUpdate('gate');
      return commits(writes);
    };
    const broken: Partial<TenantStore> = { commit };
    const { poll, engine } = await aPoller(1, provider, { broken, tenants: ['A'], status: 'running' });
    const { commit: commits } = makeTenantStore(engine, 'A');
    expect(await poll()).toMatchObject({ updatedCount: 1 });
    expect([asked.length, conflicts]).toEqual([1, -1]);
  });

  it('has four seconds of a look, however it fails', async () => {
    const { asked, provider } = asking(reporting(), () => {
      clock.advance(3);
      throw new Error('timeout');
    });
    const { poll, clock } = await aPoller(1, provider);
    expect(await poll()).toMatchObject({ failedCount: 1 });
    expect(asked).toHaveLength(2);
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
