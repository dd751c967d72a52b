import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import type { TrainingFleet } from '#application/ports/training-fleet';
import { makeStopStrays, type StrayRemark } from '#application/stop-strays';
import { aProviderJob } from '#test/support/a-provider-job';
import { NOON } from '#test/support/a-session';
import { aClock } from '#test/support/ports-in-memory';
import { aDrivenProvider } from '#test/support/sagemaker/a-driven-provider';
import { storeTrainingsUnderWay, trainingId } from '#test/support/trainings-under-way';

const { tenantId, jobId: unknownJob } = aProviderJob();
const FOREVER = { after: 0, status: 'InProgress', secondary: 'Training' };

/** A job under way, and trainings of these attempts, by job; begun so many minutes ago. */
const aStage = async (attempts: readonly (readonly [jobId: string, attempt: number])[], minutes = 60) => {
  const clock = aClock();
  const { service, provider, fleet } = aDrivenProvider(() => clock.now());
  const memory = makeMemoryEngine();
  const storeOf = (tenant: string) => makeTenantStore(memory, tenant);
  await storeTrainingsUnderWay(storeOf, { count: 1, tenants: [tenantId], at: NOON, status: 'running' });
  for (const [jobId, attempt] of attempts) {
    service.jobs.script(FOREVER);
    await provider.start(aProviderJob({ jobId, attempt }));
  }
  clock.advance(minutes * 60);
  const remarks: StrayRemark[] = [];
  const hunt = (over: Partial<TrainingFleet> = {}) =>
    makeStopStrays({ fleet: { ...fleet, ...over }, storeOf, clock, report: (remark) => remarks.push(remark) })();
  const running = async () => (await fleet.underWay()).map(({ jobId, attempt }) => [jobId, attempt]);
  return { hunt, remarks, running, service, fleet };
};

const known = trainingId(0);

describe('a look for trainings that no job knows of', () => {
  it('stops those, says which, and leaves the one that a job is at', async () => {
    const { hunt, remarks, running } = await aStage([
      [known, 1],
      [known, 2],
      [unknownJob, 1],
    ]);
    expect(await hunt()).toEqual({
      ...{ checkedCount: 3, updatedCount: 2, failedCount: 0, unknownCount: 0 },
      isCutShort: false,
    });
    expect(await running()).toEqual([[known, 1]]);
    const name = (id: string, attempt: number) => `iorch-dev-${id.toLowerCase()}-a${attempt}`;
    const found = { tenantId, found: 'training_stray', isStopped: true };
    expect(remarks).toEqual([
      { ...found, jobId: known, attempt: 2, externalJobId: name(known, 2) },
      { ...found, jobId: unknownJob, attempt: 1, externalJobId: name(unknownJob, 1) },
    ]);
    expect(await hunt()).toMatchObject({ checkedCount: 1, updatedCount: 0 });
  });

  it('asks nothing about one that has just begun', async () => {
    const { hunt, remarks, running, service } = await aStage([[unknownJob, 1]], 14);
    service.requests.length = 0;
    expect(await hunt()).toMatchObject({ checkedCount: 1, updatedCount: 0 });
    expect(service.requests.map(({ target }) => target)).toEqual(['SageMaker.ListTrainingJobs']);
    expect([await running(), remarks]).toEqual([[[unknownJob, 1]], []]);
  });

  it('leaves one alone that nobody can say whose it is', async () => {
    const { hunt, remarks, running } = await aStage([[unknownJob, 1]]);
    expect(await hunt({ tenantOf: async () => undefined })).toMatchObject({ updatedCount: 0, failedCount: 0 });
    expect([await running(), remarks]).toEqual([[[unknownJob, 1]], []]);
  });

  it('goes on with the others when one cannot be stopped, and says so', async () => {
    const { hunt, remarks, running, fleet } = await aStage([
      [unknownJob, 1],
      [unknownJob, 2],
    ]);
    const stop: TrainingFleet['stop'] = async (name) => {
      if (name.endsWith('-a1')) throw new Error('no answer');
      return fleet.stop(name);
    };
    expect(await hunt({ stop })).toMatchObject({ checkedCount: 2, updatedCount: 1, failedCount: 1 });
    expect(await running()).toEqual([[unknownJob, 1]]);
    expect(Object.fromEntries(remarks.map(({ attempt, isStopped }) => [attempt, isStopped]))).toEqual({
      1: false,
      2: true,
    });
  });

  it('fails when they are not listed', async () => {
    const { hunt } = await aStage([]);
    const underWay = () => Promise.reject(new Error('throttled'));
    await expect(hunt({ underWay })).rejects.toThrow('throttled');
  });
});
