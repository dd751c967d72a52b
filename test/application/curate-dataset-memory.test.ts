import { describe, expect, it } from 'vitest';
import type { DatasetFiles } from '#application/ports/dataset-files';
import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import { aCuration, goodSession } from '#test/support/curation-world';

const SESSIONS = 100;
const PER_PART = 10;
/** Lines that are fetched side by side while a file is written. */
const AT_ONCE = 16;

describe('what a build holds at a time', () => {
  it('is the samples of one part while it reads sessions', async () => {
    const world = await aCuration(
      Array.from({ length: SESSIONS }, (_, index) => goodSession(index)),
      { sessions: SESSIONS, sessionsPerPart: PER_PART },
    );
    const { id: datasetId } = await world.create();
    expect(await world.curateSlice({ datasetId })).toBe('read');
    const parts = [...world.stored.keys()].filter((key) => /part-[\w-]+\.jsonl$/.test(key));
    expect(parts).toHaveLength(SESSIONS / PER_PART);
    for (const key of parts) {
      const name = key.split('/').at(-1) as string;
      expect(world.textOf('A', datasetId, name).split('\n').slice(0, -1).length).toBeLessThanOrEqual(PER_PART);
    }
  });

  it('is a few lines while it writes files, however slowly those are taken', async () => {
    const world = await aCuration(Array.from({ length: SESSIONS }, (_, index) => goodSession(index)));
    const { id: datasetId } = await world.create();
    await world.curateSlice({ datasetId });
    let [held, most] = [0, 0];
    const files: DatasetFiles = {
      ...world.files,
      async read(id, name, range) {
        if (!name.includes('index')) most = Math.max(most, ++held);
        return world.files.read(id, name, range);
      },
      write: (id, name, content, bytes) => {
        const taken = async function* () {
          for await (const piece of content) {
            await new Promise(setImmediate);
            yield piece;
            held--;
          }
        };
        return world.files.write(id, name, taken(), bytes);
      },
    };
    const { store, clock, digest, ids } = world;
    await makeWriteDatasetFiles({ store, files, clock, digest, ids })({ datasetId });
    expect((await store.getDataset(datasetId)).counts.samples).toBe(SESSIONS);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(AT_ONCE);
  });
});
