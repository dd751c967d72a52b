import { describe, expect, it } from 'vitest';
import type { DatasetFiles } from '#application/ports/dataset-files';
import { makeRecoverCuration } from '#application/recover-curation';
import { ConcurrentUpdate } from '#domain/errors';
import { aCuration, curationOn, distinctDiff, goodSession, idOf } from '#test/support/curation-world';
import { countedIdentifiers, entities } from '#test/support/ports-in-memory';

const LONG = `${distinctDiff(9)}\n+much longer than the others are, so that places move`;

/** A promise that is kept from outside. */
const aGate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

/** A build, and the function of its stopped execution, which stands before a write whose name fits and goes on when it is let. */
const aStoppedBuild = async (stopsAt: RegExp) => {
  const world = await aCuration(Array.from({ length: 6 }, (_, index) => goodSession(index)));
  const [reached, release] = [aGate(), aGate()];
  const slow: DatasetFiles = {
    ...world.files,
    write: async (id, name, content, bytes) => {
      if (stopsAt.test(name)) {
        reached.open();
        await release.opened;
      }
      return world.files.write(id, name, content, bytes);
    },
  };
  const ids = { ...countedIdentifiers(), ulid: () => 'STOPPED' };
  const stopped = curationOn(world.engine, slow, { objects: world.objectsOf('A'), ids });
  const { id: datasetId } = await world.create({}, { evalFraction: 0.3 });
  const sessions = () =>
    (['train', 'eval'] as const)
      .flatMap((part) => world.linesOf(datasetId, part))
      .map(({ metadata }) => metadata.session_id)
      .toSorted();
  return {
    ...world,
    datasetId,
    sessions,
    stopped,
    goOn: release.open,
    reached: reached.opened,
    /** The next execution takes over. */
    recover: () => makeRecoverCuration(world)({ datasetId, run: 1 }),
    names: () => [...world.stored.keys()].map((key) => key.split('/').at(-1)).toSorted(),
  };
};

const FILES = ['eval.jsonl', 'manifest.json', 'train.jsonl'];

describe('a function that goes on after its execution was stopped', () => {
  it.each([
    ['lines', /^part-.*\d\.jsonl$|STOPPED\.jsonl$/],
    ['index', /index\.jsonl$/],
  ])('does not touch what the next one stored, when it stands before its %s', async (_, stopsAt) => {
    const world = await aStoppedBuild(stopsAt);
    const { datasetId, store } = world;
    const old = world.stopped.curateSlice({ datasetId, run: 1 });
    await world.reached;
    await world.recover();
    await store.commit(goodSession(9, { diff: LONG }));
    const session = await store.getSession(idOf(2));
    const after = { ...session, version: session.version + 1, tags: ['no-training'] };
    await store.commit([{ kind: 'session', before: session, after }]);
    expect(await world.curateSlice({ datasetId, run: 2 })).toBe('read');
    const parts = world.names();
    world.goOn();
    await expect(old).rejects.toThrow(ConcurrentUpdate);
    expect(world.names()).toEqual(parts.filter((name) => !name?.includes('STOPPED')));
    expect(await world.writeFiles({ datasetId, run: 2 })).toMatchObject({ status: 'ready' });
    expect(world.sessions()).toEqual([0, 1, 3, 4, 5, 9].map(idOf).toSorted());
    expect(world.names()).toEqual(FILES);
  });

  it('leaves nothing that stays, also when it is killed before it tidies up', async () => {
    const world = await aStoppedBuild(/never/);
    const { datasetId } = world;
    world.engine.before('dataset-build', () => Promise.reject(new Error('killed')));
    await expect(world.stopped.curateSlice({ datasetId, run: 1 })).rejects.toThrow('killed');
    expect(world.names()).toHaveLength(2);
    await world.recover();
    await world.curateSlice({ datasetId, run: 2 });
    expect(world.names()).toHaveLength(4);
    await world.writeFiles({ datasetId, run: 2 });
    expect(world.names()).toEqual(FILES);
  });

  it('keeps a part that counts, though it was told that it does not', async () => {
    const world = await aStoppedBuild(/never/);
    const { datasetId } = world;
    world.engine.after('dataset-build', () => Promise.reject(new ConcurrentUpdate('dataset-build')));
    await expect(world.curateSlice({ datasetId, run: 1 })).rejects.toThrow(ConcurrentUpdate);
    expect(await world.curateSlice({ datasetId, run: 1 })).toBe('read');
    expect(await world.writeFiles({ datasetId, run: 1 })).toMatchObject({ status: 'ready' });
    expect(world.sessions()).toHaveLength(6);
  });

  it('changes nothing from then on, and the next one ends the build', async () => {
    const world = await aStoppedBuild(/never/);
    const { datasetId, stopped, store } = world;
    await world.recover();
    expect(await stopped.curateSlice({ datasetId, run: 1 })).toBe('settled');
    expect(await store.findDatasetBuild(datasetId)).toBeUndefined();
    await world.curateSlice({ datasetId, run: 2 });
    const before = structuredClone([world.memory.items(), world.names()]);
    expect(await stopped.curateSlice({ datasetId, run: 1 })).toBe('settled');
    expect(await stopped.writeFiles({ datasetId, run: 1 })).toEqual({ status: 'building', error: undefined });
    const failure = { state: 'Curate Slice', error: 'States.Timeout', cause: '' };
    expect(await stopped.failDataset({ datasetId, run: 1, failure })).toMatchObject({ status: 'building' });
    expect([world.memory.items(), world.names()]).toEqual(before);
    expect(await world.writeFiles({ datasetId, run: 2 })).toMatchObject({ status: 'ready' });
  });

  it('does not end the dataset with files that it began to write before', async () => {
    const world = await aStoppedBuild(/manifest/);
    const { datasetId } = world;
    await world.curateSlice({ datasetId, run: 1 });
    const old = world.stopped.writeFiles({ datasetId, run: 1 });
    await world.reached;
    await world.recover();
    world.goOn();
    expect(await old).toMatchObject({ status: 'building' });
    const { sha256, ...ready } = await world
      .writeFiles({ datasetId, run: 2 })
      .then(() => world.store.getDataset(datasetId));
    expect(ready).toMatchObject({ status: 'ready', run: 2 });
    expect(JSON.parse(world.textOf('A', datasetId, 'manifest.json'))).toMatchObject({ sha256 });
  });

  it('takes its files with it when the dataset has failed meanwhile', async () => {
    const world = await aStoppedBuild(/manifest/);
    const { datasetId } = world;
    await world.curateSlice({ datasetId, run: 1 });
    const old = world.stopped.writeFiles({ datasetId, run: 1 });
    await world.reached;
    await world.failDataset({
      datasetId,
      run: 1,
      failure: { state: 'Curate Slice', error: 'States.Timeout', cause: '' },
    });
    world.goOn();
    expect(await old).toMatchObject({ status: 'failed' });
    expect(world.names()).toEqual([]);
  });
});

describe('a dataset that changes while its files are written', () => {
  it('is ended as it stands then, and its files are written once', async () => {
    const world = await aStoppedBuild(/manifest/);
    const { datasetId, store, stopped } = world;
    await world.curateSlice({ datasetId, run: 1 });
    const writing = stopped.writeFiles({ datasetId, run: 1 });
    await world.reached;
    // a job begins to wait for it, and the sweep looks at its build
    const before = await store.getDataset(datasetId);
    const watch = { dueAt: before.createdAt, seen: 1 };
    await store.commit([
      { kind: 'dataset', before, after: { ...before, watch } },
      { kind: 'dataset-use', datasetId, jobId: 'JOB' },
    ]);
    world.goOn();
    expect(await writing).toMatchObject({ status: 'ready' });
    expect(await store.getDataset(datasetId)).toMatchObject({ status: 'ready', watch, counts: { samples: 6 } });
    const [event] = entities(world.memory.items(), 'event').slice(-1);
    expect(event).toMatchObject({ type: 'dataset.ready', internal: { consumers: ['wake'], wakeJobs: ['JOB'] } });
  });
});

describe('a build that an earlier version began', () => {
  it('goes on with the parts that were named by their place, whichever execution does', async () => {
    const world = await aStoppedBuild(/never/);
    const { datasetId, store } = world;
    await world.curateSlice({ datasetId });
    const build = (await store.findDatasetBuild(datasetId)) ?? expect.fail();
    const [name = ''] = build.parts;
    for (const end of ['.jsonl', '.index.jsonl']) {
      const content = world.stored.get(`A/${datasetId}/${name}${end}`) ?? expect.fail();
      world.stored.set(`A/${datasetId}/part-00001${end}`, content);
      world.stored.delete(`A/${datasetId}/${name}${end}`);
    }
    const after = { ...build, parts: 1 as unknown as string[], revision: build.revision + 1 };
    await store.commit([{ kind: 'dataset-build', before: build, after }]);
    expect(await world.curateSlice({ datasetId })).toBe('read');
    expect(await world.writeFiles({ datasetId })).toMatchObject({ status: 'ready' });
    expect(world.sessions()).toHaveLength(6);
    expect(world.names()).toEqual(FILES);
  });
});
