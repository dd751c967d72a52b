import { describe, expect, it } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makePollDueTraining } from '#application/poll-training-jobs';
import type { TrainingProvider } from '#application/ports/training-provider';
import { createTrainingJob } from '#domain/training-job/create-job';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { aTrainingInput } from '#test/support/a-training-job';
import { aClock, countedIdentifiers, recordingTokens } from '#test/support/ports-in-memory';

const TENANTS = ['A', 'B', 'C'];
const at = (ms: number) => new Date(ms).toISOString();

/** Trainings under way in three tenants, all of them due. */
const manyDue = async (count: number) => {
  const engine = makeMemoryEngine();
  const clock = aClock();
  const storeOf = (tenantId: string) => makeTenantStore(engine, tenantId);
  for (let index = 0; index < count; index++) {
    const tenantId = TENANTS[index % TENANTS.length] as string;
    const id = `JOB${String(index).padStart(3, '0')}`;
    const fields = {
      baseModel: 'acme/base',
      targetModelName: 'm',
      modelVersion: `1.0.${index}`,
      provider: 'simulated',
    };
    const made = createTrainingJob(
      { ...fields, tenantId, id, datasetId: 'D', isGated: true, createdBy: 'U', provider: 'simulated' },
      at(clock.now()),
    );
    const job: TrainingJob = { ...made.after, status: 'queued' };
    const live: TrainingLive = {
      jobId: id,
      attempt: 1,
      estimate: {
        tokens: 1,
        seconds: null,
        expectedUsd: 0,
        maxUsd: 0,
        priceTableVersion: 't',
        asOf: 't',
        simulated: true,
      },
      dataset: { sha256: 'x', trainSamples: 100, evalSamples: 10, trainTokens: 1000 },
      submittingAt: at(clock.now()),
      externalJobId: id,
      submittedAt: at(clock.now()),
      dueAt: at(clock.now()),
      revision: 0,
    };
    await storeOf(tenantId).commit([
      { kind: 'training-job', before: null, after: job },
      { kind: 'training-input', jobId: id, input: aTrainingInput() },
      { kind: 'training-live', before: null, after: live },
    ]);
  }
  return { engine, clock, storeOf };
};

const running: TrainingProvider = {
  start: async () => ({ externalJobId: '' }),
  status: async () => ({ status: 'running', phase: 'training', points: [] }),
  cancel: async () => true,
};

describe('the poller of trainings', () => {
  it('touches each of 120 due jobs of three tenants once, in pages, and none before a minute has passed', async () => {
    const { engine, clock, storeOf } = await manyDue(120);
    const asked: string[] = [];
    const provider: TrainingProvider = {
      ...running,
      status: async (id, job) => {
        asked.push(`${job.tenantId} ${id}`);
        return running.status(id, job);
      },
    };
    const ports = { clock, ids: countedIdentifiers(), tokens: recordingTokens(), providers: () => provider };
    const poll = makePollDueTraining({ ...ports, due: makeDueWork(engine), storeOf });
    expect(await poll()).toMatchObject({ checkedCount: 120, updatedCount: 120, failedCount: 0 });
    expect(new Set(asked).size).toBe(120);
    expect(await poll()).toMatchObject({ checkedCount: 0 });
    clock.advance(60);
    expect(await poll()).toMatchObject({ checkedCount: 120, updatedCount: 0, failedCount: 0 });
  });

  it('changes each job once when two of them come at the same time', async () => {
    const { engine, clock, storeOf } = await manyDue(60);
    const ids = countedIdentifiers();
    const ports = { clock, ids, tokens: recordingTokens(), providers: () => running };
    const poll = makePollDueTraining({ ...ports, due: makeDueWork(engine), storeOf });
    const [one, two] = await Promise.all([poll(), poll()]);
    expect((one?.updatedCount ?? 0) + (two?.updatedCount ?? 0)).toBe(60);
    const moved = engine.items().filter(({ type }) => type === 'training_job.status_changed');
    expect(moved).toHaveLength(60);
    expect(new Set(moved.map(({ stream }) => stream)).size).toBe(60);
  });

  it('goes on with the others when one of them cannot be looked at', async () => {
    const { engine, clock, storeOf } = await manyDue(6);
    const provider: TrainingProvider = {
      ...running,
      status: async (id, job) => {
        if (id === 'JOB002') throw new Error('no answer');
        return running.status(id, job);
      },
    };
    const ports = { clock, ids: countedIdentifiers(), tokens: recordingTokens(), providers: () => provider };
    const poll = makePollDueTraining({ ...ports, due: makeDueWork(engine), storeOf });
    expect(await poll()).toMatchObject({ checkedCount: 6, updatedCount: 5, failedCount: 1 });
    expect((await storeOf('C').getTrainingJob('JOB002')).status).toBe('queued');
  });
});
