import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CURATION_LIMITS, makeCurateSlice } from '#application/curate-slice';
import type { DatasetFiles } from '#application/ports/dataset-files';
import type { Write } from '#application/ports/write';
import { DatasetInUse, TrainingDataDisabled } from '#domain/dataset/errors';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import { aCuration, curationOn, distinctDiff, goodSession, idOf, momentOf } from '#test/support/curation-world';
import { datasetFilesInMemory } from '#test/support/dataset-files-in-memory';
import { entities } from '#test/support/ports-in-memory';

const SMALL = { ...CURATION_LIMITS, sessionsPerPart: 20 };
const many = (count: number): Write[][] => Array.from({ length: count }, (_, index) => goodSession(index));
const sha256Of = (...texts: readonly string[]) => createHash('sha256').update(texts.join('')).digest('hex');
const sessionsOf = (lines: readonly { metadata: { session_id: string } }[]) =>
  lines.map((one) => one.metadata.session_id);

describe('the build of a dataset', () => {
  it('takes exactly the verified session that is good enough, and counts why it left the others out', async () => {
    const world = await aCuration([
      goodSession(1, { successRate: 0.89 }),
      goodSession(2, { successRate: 0.9 }),
      goodSession(3, { successRate: undefined, successSource: undefined }),
      goodSession(4, { status: 'cancelled', successRate: 1 }),
      goodSession(5, { successSource: 'agent' as 'verification' }),
      goodSession(6, { tags: ['no-training'] }),
      goodSession(7, { diff: '  ', input: { prompt: ' ' } }),
    ]);
    const { id } = await world.create({}, { evalFraction: 0 });
    expect(await world.build(id)).toMatchObject({ status: 'ready' });
    const dataset = await world.store.getDataset(id);
    expect(sessionsOf(world.linesOf(id, 'train'))).toEqual([idOf(2)]);
    expect(dataset.counts).toEqual({
      ...{ scanned: 7, notMatching: 1, unknownSuccessRate: 2, belowThreshold: 1, consent: 1, blank: 1 },
      ...{ tooLong: 0, tooManyRedactions: 0, duplicates: 0, nearDuplicates: 0, overLimit: 0 },
      ...{ samples: 1, train: 1, eval: 0, withMessages: 0, redactions: 0 },
      transcripts: { absent: 1, tooLong: 0, tooManyRedactions: 0, damaged: 0 },
    });
  });

  it('says what was written: sizes, checksum, and what the manifest repeats', async () => {
    const world = await aCuration(many(40));
    const { id } = await world.create({}, { evalFraction: 0.3 });
    await world.build(id);
    const dataset = await world.store.getDataset(id);
    const [train, evaluation] = [world.textOf('A', id, 'train.jsonl'), world.textOf('A', id, 'eval.jsonl')];
    expect(dataset).toMatchObject({
      status: 'ready',
      sha256: sha256Of(train, evaluation),
      bytes: { train: Buffer.byteLength(train), eval: Buffer.byteLength(evaluation) },
      counts: { samples: 40 },
      simulated: false,
      redactionVersion: 2,
    });
    expect(dataset.counts.train + dataset.counts.eval).toBe(40);
    expect(dataset.counts.eval).toBeGreaterThan(0);
    const manifest = JSON.parse(world.textOf('A', id, 'manifest.json'));
    expect(manifest).toMatchObject({
      dataset_id: id,
      sha256: dataset.sha256,
      counts: { near_duplicates: 0, samples: 40 },
    });
    expect([...world.stored.keys()].map((key) => key.split('/').at(-1))).toEqual([
      'train.jsonl',
      'eval.jsonl',
      'manifest.json',
    ]);
    expect(await world.store.findDatasetBuild(id)).toBeUndefined();
  });

  it('writes the newest first, whatever the order in which sessions were created', async () => {
    const sessions = [3, 1, 2].map((ended, index) => goodSession(index, { endedAt: momentOf(ended) }));
    const world = await aCuration(sessions);
    const { id } = await world.create({ limit: 2 }, { evalFraction: 0 });
    await world.build(id);
    expect(sessionsOf(world.linesOf(id, 'train'))).toEqual([idOf(0), idOf(2)]);
    expect((await world.store.getDataset(id)).counts).toMatchObject({ overLimit: 1, samples: 2 });
  });

  it('keeps the best of equal results', async () => {
    const same = { diff: distinctDiff(7), input: { prompt: 'The same.' } };
    const world = await aCuration(
      [0.95, 1, 0.9].map((successRate, index) => goodSession(index, { ...same, successRate })),
    );
    const { id } = await world.create({}, { evalFraction: 0 });
    await world.build(id);
    expect(world.linesOf(id, 'train')).toMatchObject([{ metadata: { session_id: idOf(1), success_rate: 1 } }]);
    expect((await world.store.getDataset(id)).counts).toMatchObject({ duplicates: 2, samples: 1 });
  });

  it('of nothing ends empty, without a file', async () => {
    const world = await aCuration([goodSession(1, { successRate: 0.1 })]);
    const { id } = await world.create();
    expect(await world.build(id)).toMatchObject({ status: 'empty' });
    expect(await world.store.getDataset(id)).toMatchObject({
      status: 'empty',
      counts: { scanned: 1, belowThreshold: 1 },
    });
    expect(world.stored.size).toBe(0);
    expect(await world.listItems({ datasetId: id, part: 'train' }, { limit: 20 })).toEqual({ items: [] });
  });

  it('says that a model that is none made a sample', async () => {
    const world = await aCuration([goodSession(1), goodSession(2, { modelIdentifier: 'demo/scripted' })]);
    const { id } = await world.create();
    await world.build(id);
    expect((await world.store.getDataset(id)).simulated).toBe(true);
  });

  it('lets no secret into files, items or events, and counts what it took out', async () => {
    const secret = `AKIA${'ABCD'.repeat(4)}`;
    const world = await aCuration([goodSession(1, { diff: `+key = ${secret}`, input: { prompt: `Use ${secret}.` } })]);
    const { id } = await world.create();
    await world.build(id);
    const { counts, redactionRules } = await world.store.getDataset(id);
    expect(counts.redactions).toBe(2);
    expect(redactionRules).toEqual({ aws_access_key_id: 2 });
    for (const content of world.stored.values()) expect(new TextDecoder().decode(content)).not.toContain(secret);
    const written = world.memory.items().filter(({ pk }) => pk.includes('#D#'));
    expect(written.length).toBeGreaterThan(1);
    expect(JSON.stringify(written)).not.toContain(secret);
  });

  it('goes on with the next slice after ten minutes, and leaves what one slice leaves', async () => {
    const whole = await aCuration(many(50));
    const one = await whole.create();
    await whole.build(one.id);

    const sliced = await aCuration(many(50), SMALL);
    const { id } = await sliced.create();
    const answers: string[] = [];
    sliced.engine.after('dataset-build', async () => sliced.clock.advance(601));
    answers.push(await sliced.curateSlice({ datasetId: id }));
    expect((await sliced.store.findDatasetBuild(id))?.counts.scanned).toBe(20);
    answers.push(await sliced.curateSlice({ datasetId: id }));
    expect(answers).toEqual(['more', 'read']);
    await sliced.writeFiles({ datasetId: id });
    for (const name of ['train.jsonl', 'eval.jsonl'])
      expect(sliced.textOf('A', id, name)).toBe(whole.textOf('A', one.id, name));
    expect((await sliced.store.getDataset(id)).counts).toEqual((await whole.store.getDataset(one.id)).counts);
  });

  it('ends a slice in time however long sessions take to read, and loses none of them', async () => {
    const SECONDS_PER_PAGE = 200;
    const whole = await aCuration(many(140));
    const one = await whole.create();
    await whole.build(one.id);

    const { store, clock, ...world } = await aCuration(many(140));
    const slow = makeCurateSlice({
      ...{ ...world, clock },
      store: {
        ...store,
        findWorks: async (sessions) => {
          clock.advance(SECONDS_PER_PAGE);
          return store.findWorks(sessions);
        },
      },
    });
    const { id } = await world.create();
    const answers: string[] = [];
    while (answers.at(-1) !== 'read') {
      const began = clock.now();
      answers.push(await slow({ datasetId: id }));
      expect(clock.now() - began).toBeLessThanOrEqual(600_000);
    }
    expect(answers).toEqual(['more', 'read']);
    await world.writeFiles({ datasetId: id });
    for (const name of ['train.jsonl', 'eval.jsonl'])
      expect(world.textOf('A', id, name)).toBe(whole.textOf('A', one.id, name));
  });

  it('that was killed anywhere and begun again leaves the same bytes', async () => {
    const sessions = many(45);
    const whole = await aCuration(sessions);
    const one = await whole.create();
    await whole.build(one.id);
    const expected = ['train.jsonl', 'eval.jsonl'].map((name) => whole.textOf('A', one.id, name));

    // each write and removal of a build may be its last, up to the one that no build comes to
    let wasKilled = true;
    let dies = 0;
    while (wasKilled) {
      dies++;
      wasKilled = false;
      const world = await aCuration(sessions);
      const inner = datasetFilesInMemory();
      let left = dies;
      const mortal =
        <T extends unknown[], R>(act: (...args: T) => Promise<R>) =>
        async (...args: T): Promise<R> => {
          if (--left === 0) {
            wasKilled = true;
            throw new Error('killed');
          }
          return act(...args);
        };
      const files: DatasetFiles = inner.of('A');
      const dying = curationOn(
        { ...world.engine, transact: mortal(world.engine.transact) },
        {
          ...files,
          write: mortal(files.write),
          remove: mortal(files.remove),
        },
        { limits: SMALL },
      );
      const { id } = await world.create();
      const run = async () => {
        while ((await dying.curateSlice({ datasetId: id })) === 'more');
        return dying.writeFiles({ datasetId: id });
      };
      await run().catch(() => undefined);
      expect(await run()).toMatchObject({ status: 'ready' });
      expect(['train.jsonl', 'eval.jsonl'].map((name) => inner.textOf('A', id, name))).toEqual(expected);
      expect(inner.stored.size).toBe(3);
      expect(entities(world.memory.items(), 'dataset-build')).toEqual([]);
    }
    // three slices of three writes each, three files, the record, and what is tidied up
    expect(dies).toBeGreaterThan(13);
  });

  it('of another actor meanwhile loses, and reads on from where that one stands', async () => {
    const world = await aCuration(many(30), SMALL);
    const { id } = await world.create();
    world.engine.before('dataset-build', () => world.curateSlice({ datasetId: id }));
    await expect(world.curateSlice({ datasetId: id })).rejects.toThrow(ConcurrentUpdate);
    expect(await world.curateSlice({ datasetId: id })).toBe('read');
    await world.writeFiles({ datasetId: id });
    expect((await world.store.getDataset(id)).counts).toMatchObject({ scanned: 30, samples: 30 });
  });

  it('looks only at sessions of the time asked for', async () => {
    const world = await aCuration(many(300));
    const window = { createdFrom: momentOf(100), createdTo: momentOf(110) };
    const { id } = await world.create(window, { evalFraction: 0 });
    await world.build(id);
    expect(sessionsOf(world.linesOf(id, 'train'))).toEqual(Array.from({ length: 10 }, (_, index) => idOf(109 - index)));
  });

  it('looks at the newest sessions only, when there are more than a dataset may look at', async () => {
    const world = await aCuration(many(30), { sessions: 25, sessionsPerPart: 10 });
    const { id } = await world.create({}, { evalFraction: 0 });
    await world.build(id);
    expect((await world.store.getDataset(id)).counts).toMatchObject({ scanned: 25, samples: 25 });
    expect(sessionsOf(world.linesOf(id, 'train')).at(-1)).toBe(idOf(5));
  });

  it('has nothing of another tenant, though that one has equal sessions', async () => {
    const world = await aCuration(many(30));
    const other = curationOn(world.engine, datasetFilesInMemory().of('B'), { tenantId: 'B' });
    await other.addTenant();
    await other.store.commit(goodSession(99, { tenantId: 'B' }));
    const { id } = await world.create({}, { evalFraction: 0 });
    await world.build(id);
    expect(sessionsOf(world.linesOf(id, 'train'))).not.toContain(idOf(99));
    expect(world.linesOf(id, 'train')).toHaveLength(30);
    await expect(other.curateSlice({ datasetId: id })).rejects.toThrow(NotFound);
  });

  it('is not begun, and not ended, without the consent of the tenant', async () => {
    const world = await aCuration(many(3));
    const { id } = await world.create();
    const before = await world.store.getTenant();
    await world.store.commit([{ kind: 'tenant', before, after: { ...before, trainingDataEnabled: false } }]);
    await expect(world.create()).rejects.toThrow(TrainingDataDisabled);
    expect(await world.curateSlice({ datasetId: id })).toBe('settled');
    expect(await world.store.getDataset(id)).toMatchObject({
      status: 'failed',
      error: { code: 'TRAINING_DATA_DISABLED' },
    });
    expect(await world.curateSlice({ datasetId: id })).toBe('settled');
  });

  it('that broke ends the dataset with the reason, and leaves nothing behind', async () => {
    const world = await aCuration(many(3));
    const { id } = await world.create();
    await world.curateSlice({ datasetId: id });
    expect(world.stored.size).toBe(2);
    const failure = { state: 'Curate Slice', error: 'States.Timeout', cause: '' };
    expect(await world.failDataset({ datasetId: id, failure })).toMatchObject({ status: 'failed' });
    const error = { code: 'DATASET_BUILD_FAILED', message: 'the build failed: Curate Slice: States.Timeout' };
    expect(await world.store.getDataset(id)).toMatchObject({ status: 'failed', error });
    expect(world.stored.size).toBe(0);
    expect(await world.failDataset({ datasetId: id, failure: { ...failure, error: 'again' } })).toMatchObject({
      status: 'failed',
    });
    expect(await world.store.getDataset(id)).toMatchObject({ error });
    expect(await world.writeFiles({ datasetId: id })).toMatchObject({ status: 'failed' });
  });

  it('does not write files while sessions are left to look at', async () => {
    const world = await aCuration(many(3));
    const { id } = await world.create();
    await expect(world.writeFiles({ datasetId: id })).rejects.toThrow('left to look at');
  });
});

describe('a dataset', () => {
  it('loses its files and keeps its record when it is deleted, also when the first try was lost', async () => {
    const world = await aCuration(many(3));
    const { id } = await world.create();
    await world.build(id);
    const { sha256 } = await world.store.getDataset(id);
    const lost = curationOn(world.engine, { ...world.files, remove: async () => Promise.reject(new Error('lost')) });
    await expect(lost.deleteDataset({ datasetId: id })).rejects.toThrow('lost');
    expect(world.stored.size).toBe(3);
    await expect(world.deleteDataset({ datasetId: id })).rejects.toThrow(NotFound);
    expect(world.stored.size).toBe(0);
    expect(await world.store.getDataset(id)).toMatchObject({ status: 'deleted', sha256 });
  });

  it('that an open job uses is not deleted', async () => {
    const world = await aCuration(many(3));
    const { id } = await world.create();
    await world.build(id);
    await world.store.commit([{ kind: 'dataset-use', datasetId: id, jobId: 'JOB' }]);
    await expect(world.deleteDataset({ datasetId: id })).rejects.toThrow(DatasetInUse);
    expect(world.stored.size).toBe(3);
  });

  it('shows its samples page by page, each once, in the order of the file', async () => {
    const world = await aCuration(many(45));
    const { id } = await world.create({}, { evalFraction: 0 });
    const at = { datasetId: id, part: 'train' as const };
    await expect(world.listItems(at, { limit: 20 })).rejects.toMatchObject({ code: 'DATASET_NOT_READY' });
    await world.build(id);
    const pages: unknown[][] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page: Awaited<ReturnType<typeof world.listItems>> = await world.listItems(at, { limit: 20, from });
      pages.push([...page.items]);
      from = page.next === undefined ? undefined : Number(page.next);
    }
    expect(pages.map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(pages.flat()).toEqual(world.linesOf(id, 'train'));
    expect(await world.listItems({ ...at, part: 'eval' }, { limit: 20 })).toEqual({ items: [] });
  });

  it('shows at most a megabyte at a time, and a larger sample alone', async () => {
    const world = await aCuration(
      Array.from({ length: 6 }, (_, index) =>
        goodSession(index, { diff: `${index} ${distinctDiff(index)}\n`.padEnd(64 * 1024, '\u0001') }),
      ),
    );
    const { id } = await world.create({}, { evalFraction: 0 });
    await world.build(id);
    const { items, next } = await world.listItems({ datasetId: id, part: 'train' }, { limit: 20 });
    expect(items).toHaveLength(2);
    expect(Number(next)).toBeLessThanOrEqual(1024 * 1024);
  });
});
