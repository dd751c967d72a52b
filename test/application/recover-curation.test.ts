import { describe, expect, it } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeRecoverCuration } from '#application/recover-curation';
import { makeSweepBuilds } from '#application/sweep-builds';
import { aCuration, goodSession } from '#test/support/curation-world';
import { entities } from '#test/support/ports-in-memory';

const HOUR = 3600;

/** A dataset of three sessions whose build has read as many as one slice takes. */
const aBuild = async () => {
  const world = await aCuration(
    [1, 2, 3].map((index) => goodSession(index)),
    { sessions: 20_000, sessionsPerPart: 1 },
  );
  const { id: datasetId } = await world.create();
  const newest = () => entities(world.memory.items(), 'event').at(-1);
  return {
    ...world,
    datasetId,
    newest,
    recover: makeRecoverCuration(world),
    sweep: makeSweepBuilds({ ...world, due: makeDueWork(world.engine), storeOf: () => world.store }),
  };
};

describe('a build whose execution is lost', () => {
  it('is gone on with by the next one, from where it stands', async () => {
    const { recover, datasetId, newest, store, build } = await aBuild();
    expect(await recover({ datasetId, run: 1 })).toBe('recovered');
    expect(newest()).toMatchObject({
      type: 'dataset.recovered',
      payload: { dataset_id: datasetId, status: 'building', run: 2 },
      internal: { consumers: ['start-execution'], curation: datasetId, curationRun: 2 },
    });
    expect(await build(datasetId)).toMatchObject({ status: 'ready' });
    expect(await store.getDataset(datasetId)).toMatchObject({ status: 'ready', counts: { samples: 3 } });
  });

  it('stays as it is when another execution builds it, or when it has ended', async () => {
    const { recover, datasetId, memory, build } = await aBuild();
    await recover({ datasetId, run: 1 });
    const once = structuredClone(memory.items());
    expect(await recover({ datasetId, run: 1 })).toBe('settled');
    expect(memory.items()).toEqual(once);
    await build(datasetId);
    expect(await recover({ datasetId, run: 2 })).toBe('settled');
  });

  it('is given up with the reason when that happens again and again; jobs are told, and nothing of it is left', async () => {
    const { recover, datasetId, newest, store, build, curateSlice, engine, stored } = await aBuild();
    await store.commit([{ kind: 'dataset-use', datasetId, jobId: 'JOB' }]);
    // the execution is killed when one part is stored
    engine.after('dataset-build', () => Promise.reject(new Error('killed')));
    await expect(curateSlice({ datasetId })).rejects.toThrow('killed');
    expect(stored.size).toBeGreaterThan(0);
    for (const run of [1, 2, 3]) expect(await recover({ datasetId, run })).toBe('recovered');
    expect(await recover({ datasetId, run: 4 })).toBe('orphaned');
    expect(await store.getDataset(datasetId)).toMatchObject({ status: 'failed', error: { code: 'EXECUTION_LOST' } });
    expect(newest()).toMatchObject({
      type: 'dataset.failed',
      internal: { consumers: ['start-execution', 'wake'], curation: datasetId, curationRun: 5, wakeJobs: ['JOB'] },
    });
    expect(await build(datasetId)).toMatchObject({ status: 'failed', error: { code: 'EXECUTION_LOST' } });
    expect(stored.size).toBe(0);
    expect(await store.findDatasetBuild(datasetId)).toBeUndefined();
  });

  it('goes on as long as it gets on in between, or that happens seldom', async () => {
    const { recover, datasetId, clock } = await aBuild();
    for (const run of [1, 2, 3, 4, 5]) {
      expect(await recover({ datasetId, run })).toBe('recovered');
      clock.advance(HOUR);
    }
  });
});

describe('the sweep of builds', () => {
  it('goes on with one of whose end nobody was told, and leaves one alone that gets on', async () => {
    const { sweep, clock, curateSlice, engine, datasetId, build } = await aBuild();
    const nothing = { recovered: 0, orphaned: 0, settled: 0, building: 0 };
    clock.advance(HOUR);
    expect(await sweep()).toEqual(nothing);
    engine.after('dataset-build', () => Promise.reject(new Error('killed')));
    await expect(curateSlice({ datasetId })).rejects.toThrow('killed');
    clock.advance(HOUR);
    expect(await sweep()).toEqual({ ...nothing, building: 1 });
    clock.advance(2 * HOUR);
    expect(await sweep()).toEqual({ ...nothing, recovered: 1 });
    await build(datasetId);
    clock.advance(2 * HOUR);
    expect(await sweep()).toEqual(nothing);
  });
});
