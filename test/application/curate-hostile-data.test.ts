import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Write } from '#application/ports/write';
import { scrubCases } from '#test/domain/dataset/scrub-cases';
import { aSessionInput } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aCuration, curationOn, distinctDiff, goodSession, idOf, storeSessions } from '#test/support/curation-world';
import { datasetFilesInMemory } from '#test/support/dataset-files-in-memory';

const SMALL = { sessions: 20_000, sessionsPerPart: 20 };
const ALL_TRAIN = { evalFraction: 0 };
/** What the table takes at most of one item is a little more. */
const LARGEST = 380 * 1024;

afterEach(() => vi.restoreAllMocks());

/** Everything that a process writes out meanwhile. */
const listening = () => {
  const said: string[] = [];
  const listen = (...words: unknown[]) => {
    said.push(words.map(String).join(' '));
    return true;
  };
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(listen);
  vi.spyOn(process.stdout, 'write').mockImplementation(listen);
  vi.spyOn(process.stderr, 'write').mockImplementation(listen);
  return said;
};

describe('two tenants that did the same work', () => {
  it('get datasets of their own sessions only, equal to the byte over two builds that take turns', async () => {
    const world = await aCuration([], SMALL);
    const files = datasetFilesInMemory();
    const [one, other] = ['A', 'B'].map((tenantId) =>
      curationOn(world.engine, files.of(tenantId), { tenantId, limits: SMALL }),
    ) as [ReturnType<typeof curationOn>, ReturnType<typeof curationOn>];
    await other.addTenant();
    const sessionsOf = (tenantId: string) =>
      Array.from({ length: 45 }, (_, index) =>
        goodSession(index, { tenantId, diff: `${distinctDiff(index)}\n+of tenant ${tenantId}.` }),
      );
    await storeSessions(one.store, sessionsOf('A'));
    await storeSessions(other.store, sessionsOf('B').slice(0, 44));

    const builds = async () => {
      const [a, b] = [await one.create({}, ALL_TRAIN), await other.create({}, ALL_TRAIN)];
      await Promise.all([one.curateSlice({ datasetId: a.id }), other.curateSlice({ datasetId: b.id })]);
      await Promise.all([one.writeFiles({ datasetId: a.id }), other.writeFiles({ datasetId: b.id })]);
      return { a: a.id, b: b.id };
    };
    const [first, again] = [await builds(), await builds()];
    const [ofA, ofB] = [files.textOf('A', first.a, 'train.jsonl'), files.textOf('B', first.b, 'train.jsonl')];
    expect(files.textOf('A', again.a, 'train.jsonl')).toBe(ofA);
    expect(files.textOf('B', again.b, 'train.jsonl')).toBe(ofB);
    expect(ofA).not.toContain('of tenant B');
    expect(ofB).not.toContain('of tenant A');
    expect((await one.store.getDataset(first.a)).counts).toMatchObject({ scanned: 45, samples: 45 });
    expect((await other.store.getDataset(first.b)).counts).toMatchObject({ scanned: 44, samples: 44 });
    const ofTenantA = world.memory.items().filter(({ pk }) => pk.startsWith('T#A#D#'));
    expect(JSON.stringify(ofTenantA)).not.toContain('T#B');
  });
});

describe('a secret in a session', () => {
  const planted = scrubCases.flatMap(({ rule, text, hides }) => (hides === undefined ? [] : [{ rule, text, hides }]));

  it('of whatever kind, and wherever it stands, is in no file, item, event or line of log of the dataset', async () => {
    const said = listening();
    const sessions = planted.map(({ text, hides }, index): Write[] => {
      const [session, , live] = goodSession(index, { title: `fix ${hides}`, tags: ['t'] });
      const id = idOf(index);
      const everywhere = { name: hides, exitCode: 0, durationMs: 1, output: hides };
      return [
        ...([session, live] as Write[]),
        {
          kind: 'session-input',
          sessionId: id,
          input: aSessionInput({
            prompt: `${index}\n${text}`,
            additionalPrompt: hides,
            metadata: { note: hides },
            agentConfig: { key: hides },
          }),
        },
        {
          kind: 'result',
          sessionId: id,
          attempt: 1,
          result: aResult({ model: undefined, summary: `${distinctDiff(index)}\n${text}`, verification: [everywhere] }),
        },
        ...(index % 2 === 0
          ? [{ kind: 'diff', sessionId: id, attempt: 1, diff: `${distinctDiff(index)}\n${text}` } as const]
          : []),
      ];
    });
    const world = await aCuration(sessions);
    const { id } = await world.create({}, { evalFraction: 0.3 });
    const texts: string[] = [];
    const look = () => texts.push(...[...world.stored.values()].map((content) => new TextDecoder().decode(content)));
    await world.curateSlice({ datasetId: id });
    look();
    await world.writeFiles({ datasetId: id });
    look();
    const items = JSON.stringify(world.memory.items().filter(({ pk }) => pk.includes('#D#')));
    const shown = JSON.stringify((await world.listItems({ datasetId: id, part: 'train' }, { limit: 20 })).items);
    const { counts, redactionRules } = await world.store.getDataset(id);
    expect(counts).toMatchObject({ scanned: planted.length, samples: planted.length });
    expect(counts.redactions).toBeGreaterThanOrEqual(2 * planted.length);
    expect(new Set(Object.keys(redactionRules))).toEqual(new Set(planted.map(({ rule }) => rule)));
    for (const { hides } of planted) {
      const escaped = JSON.stringify(hides).slice(1, -1);
      for (const text of [...texts, items, shown, ...said]) {
        expect(text).not.toContain(hides);
        expect(text).not.toContain(escaped);
      }
    }
  });
});

describe('a dataset of little or too much', () => {
  it('may have one sample, and as many files as any other', async () => {
    const world = await aCuration([goodSession(1)]);
    const { id } = await world.create({}, { evalFraction: 0.5 });
    expect(await world.build(id)).toMatchObject({ status: 'ready' });
    const { counts } = await world.store.getDataset(id);
    expect(counts).toMatchObject({ scanned: 1, samples: 1 });
    expect([world.linesOf(id, 'train').length, world.linesOf(id, 'eval').length]).toEqual([counts.train, counts.eval]);
    expect(counts.train + counts.eval).toBe(1);
  });

  it('has no line as large as the table admits, wherever that came in, and says what it left out', async () => {
    const huge = 'token='.repeat(LARGEST / 6);
    const world = await aCuration([
      goodSession(1, { diff: huge }),
      goodSession(2, { input: { prompt: huge } }),
      [
        ...goodSession(3, { diff: '' }).filter(({ kind }) => kind !== 'result'),
        { kind: 'result', sessionId: idOf(3), attempt: 1, result: aResult({ summary: huge }) },
      ],
      [
        ...goodSession(4, { diff: '' }).filter(({ kind }) => kind !== 'result'),
        { kind: 'result', sessionId: idOf(4), attempt: 1, result: aResult({ diffCut: true }) },
      ],
      goodSession(5, { diff: `+${'é'.repeat(32 * 1024 - 1)}` }),
      goodSession(6, { diff: `+${'é'.repeat(32 * 1024)}` }),
    ]);
    const { id } = await world.create({}, ALL_TRAIN);
    expect(await world.build(id)).toMatchObject({ status: 'ready' });
    expect((await world.store.getDataset(id)).counts).toMatchObject({ scanned: 6, tooLong: 5, samples: 1 });
    expect(world.linesOf(id, 'train')).toMatchObject([{ metadata: { session_id: idOf(5) } }]);
  });
});
