import { describe, expect, it } from 'vitest';
import { CURATION_LIMITS } from '#application/curate-slice';
import type { Artifact } from '#domain/artifact/artifact';
import type { TranscriptFault } from '#domain/dataset/transcript';
import { aTranscript, someTurns } from '#test/support/a-transcript';
import { aCuration, curationOn, goodSession, idOf, momentOf } from '#test/support/curation-world';
import { datasetFilesInMemory } from '#test/support/dataset-files-in-memory';
import { sha256Of } from '#test/support/objects-in-memory';

type World = Awaited<ReturnType<typeof aCuration>>;

/** A file that the result of a session's attempt named, with its bytes. */
const keep = async (
  { store, objects }: Pick<World, 'store' | 'objects'>,
  index: number,
  text: string,
  fields: Partial<Artifact> = {},
) => {
  const artifact: Artifact = {
    ...{ id: `FILE${index}`, sessionId: idOf(index), attempt: 1, assignmentId: 'ASSIGNMENT', path: 'transcript.json' },
    ...{ sizeBytes: Buffer.byteLength(text), mimeType: 'application/json', sha256: sha256Of(text), revision: 0 },
    ...{ createdAt: momentOf(index), storedAt: momentOf(index) },
    ...fields,
  };
  await store.commit([{ kind: 'artifact', before: null, after: artifact }]);
  await objects.writeText(artifact, text);
};

const aBuild = async (sessions: number, prepare: (world: World) => Promise<void>, includeTranscripts = true) => {
  const world = await aCuration(Array.from({ length: sessions }, (_, index) => goodSession(index)));
  await prepare(world);
  const { id } = await world.create({}, { evalFraction: 0 }, includeTranscripts);
  await world.build(id);
  const dataset = await world.store.getDataset(id);
  return { world, dataset, lines: world.linesOf(id, 'train').toReversed() };
};

const NO_FAULTS = { absent: 0, tooLong: 0, tooManyRedactions: 0, damaged: 0 };
const said = (index: number) => someTurns({ asked: `Task ${index}.` });

describe('a dataset with transcripts', () => {
  it('has the messages of the attempts that left them, and says of how many', async () => {
    const { dataset, lines } = await aBuild(30, async (world) => {
      for (const index of [0, 7, 29]) await keep(world, index, aTranscript(said(index)));
    });
    const withMessages = lines.flatMap(({ messages }, index) => (messages === undefined ? [] : [{ index, messages }]));
    expect(withMessages).toEqual([0, 7, 29].map((index) => ({ index, messages: said(index) })));
    const transcripts = { ...NO_FAULTS, absent: 27 };
    expect(dataset).toMatchObject({ includeTranscripts: true, counts: { samples: 30, withMessages: 3, transcripts } });
  });

  it('takes the newest of several, though many files of checkpoints stand around it', async () => {
    const { lines } = await aBuild(1, async (world) => {
      for (let file = 100; file < 320; file++)
        await keep(world, 0, '', { id: `FILE${file}`, path: 'iorch.bundle', storedAt: undefined });
      await keep(world, 0, aTranscript(said(1)), { id: 'FILE110a' });
      await keep(world, 0, aTranscript(said(2)), { id: 'FILE220a' });
    });
    expect(lines[0].messages).toEqual(said(2));
  });

  it.each<[string, string, Partial<Artifact>, TranscriptFault]>([
    ['no result named', aTranscript(), { storedAt: undefined }, 'absent'],
    ['another attempt left', aTranscript(), { attempt: 2 }, 'absent'],
    ['has another name', aTranscript(), { path: 'report.json' }, 'absent'],
    ['is not what was announced', aTranscript(), { sha256: sha256Of('other') }, 'damaged'],
    ['is larger than one may be', aTranscript(), { sizeBytes: 1024 * 1024 + 1 }, 'tooLong'],
    ['is no transcript', 'hello', {}, 'damaged'],
    ['says too much', aTranscript(someTurns({ found: 'a@example.com '.repeat(21) })), {}, 'tooManyRedactions'],
  ])('goes without one that %s, and counts why', async (_, text, fields, fault) => {
    const { world, dataset, lines } = await aBuild(1, (fresh) => keep(fresh, 0, text, fields));
    expect(lines[0]).not.toHaveProperty('messages');
    const transcripts = { ...NO_FAULTS, [fault]: 1 };
    expect(dataset.counts).toMatchObject({ samples: 1, withMessages: 0, transcripts });
    const manifest = JSON.parse(world.textOf('A', dataset.id, 'manifest.json'));
    expect(manifest.counts.transcripts).toEqual({
      ...{ absent: transcripts.absent, too_long: transcripts.tooLong, damaged: transcripts.damaged },
      too_many_redactions: transcripts.tooManyRedactions,
    });
  });

  it('goes without one whose bytes are gone, and fails when nobody can tell', async () => {
    const { dataset, lines } = await aBuild(1, async (fresh) => {
      await keep(fresh, 0, aTranscript());
      await fresh.objects.remove({ sessionId: idOf(0), id: 'FILE0' });
    });
    expect(lines[0]).not.toHaveProperty('messages');
    expect(dataset.counts.transcripts).toEqual({ ...NO_FAULTS, damaged: 1 });

    const world = await aCuration([goodSession(0)]);
    await keep(world, 0, aTranscript());
    const broken = { ...world.objects, readText: async () => Promise.reject(new Error('503')) };
    const { id } = await world.create();
    const curation = curationOn(world.engine, world.files, { objects: broken });
    await expect(curation.curateSlice({ datasetId: id })).rejects.toThrow('503');
  });

  it('leaves them out when it is asked to, without reading one', async () => {
    let reads = 0;
    const { world, dataset, lines } = await aBuild(
      1,
      async (fresh) => {
        await keep(fresh, 0, aTranscript());
        fresh.objects.readText = async () => {
          reads++;
          return undefined;
        };
      },
      false,
    );
    expect(reads).toBe(0);
    expect(lines[0]).not.toHaveProperty('messages');
    expect(dataset).toMatchObject({ includeTranscripts: false, counts: { withMessages: 0 } });
    const manifest = JSON.parse(world.textOf('A', dataset.id, 'manifest.json'));
    expect(manifest).toMatchObject({ include_transcripts: false, counts: { with_messages: 0 } });
    expect(manifest.counts).not.toHaveProperty('transcripts');
  });

  it('lets no secret of a call into files, items or events, and counts it', async () => {
    const secret = `AKIA${'ABCD'.repeat(4)}`;
    const { world, dataset } = await aBuild(1, (fresh) =>
      keep(fresh, 0, aTranscript(someTurns({ given: { content: `key = "${secret}"\n` } }))),
    );
    expect(dataset).toMatchObject({
      counts: { redactions: 1, withMessages: 1 },
      redactionRules: { aws_access_key_id: 1 },
    });
    for (const content of world.stored.values()) expect(new TextDecoder().decode(content)).not.toContain(secret);
    expect(JSON.stringify(world.memory.items())).not.toContain(secret);
  });

  it('reads a few transcripts at a time, and no more for more sessions', async () => {
    let open = 0;
    let most = 0;
    await aBuild(60, async (world) => {
      for (let index = 0; index < 60; index++) await keep(world, index, aTranscript(said(index)));
      const { readText } = world.objects;
      world.objects.readText = async (name) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return readText(name);
      };
    });
    expect(most).toBe(8);
  });

  it('is the same to the byte after a build that was killed while it read', async () => {
    const prepare = async (world: World) => {
      for (let index = 0; index < 30; index += 2) await keep(world, index, aTranscript(said(index)));
    };
    const { world, dataset } = await aBuild(30, prepare);
    for (const dies of [1, 6, 12]) {
      let left = dies;
      const readText: typeof world.objects.readText = async (name) => {
        if (--left === 0) throw new Error('killed');
        return world.objects.readText(name);
      };
      const files = datasetFilesInMemory();
      const limits = { ...CURATION_LIMITS, sessionsPerPart: 10 };
      const dying = curationOn(world.engine, files.of('A'), { limits, objects: { ...world.objects, readText } });
      const { id } = await world.create({}, { evalFraction: 0 });
      await expect(dying.curateSlice({ datasetId: id })).rejects.toThrow('killed');
      expect(await dying.curateSlice({ datasetId: id })).toBe('read');
      await dying.writeFiles({ datasetId: id });
      expect(files.textOf('A', id, 'train.jsonl')).toBe(world.textOf('A', dataset.id, 'train.jsonl'));
      expect((await world.store.getDataset(id)).counts).toEqual(dataset.counts);
    }
  });

  it('has nothing that another tenant said', async () => {
    const { lines } = await aBuild(1, async (world) => {
      const other = curationOn(world.engine, datasetFilesInMemory().of('B'), {
        ...{ tenantId: 'B', objects: world.objectsOf('B') },
      });
      await keep(other, 0, aTranscript());
    });
    expect(lines[0]).not.toHaveProperty('messages');
  });
});
