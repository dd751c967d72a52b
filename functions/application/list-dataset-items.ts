import { DatasetNotReady } from '#domain/dataset/errors';
import type { Part } from '#domain/dataset/split';
import { NotFound } from '#domain/errors';
import { DATASET_FILES } from './dataset-downloads.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Page } from './ports/page.ts';
import type { DatasetStore } from './ports/tenant-store.ts';

/** What one page weighs at most; a sample, whose texts are limited, weighs less. */
const PAGE_BYTES = 1024 * 1024;
const NEW_LINE = '\n'.charCodeAt(0);

/** Where each line of the bytes ends that ends in them, behind its line break. */
const lineEnds = (bytes: Uint8Array, most: number): number[] => {
  const ends: number[] = [];
  for (let end = 0; ends.length < most; ) {
    const found = bytes.indexOf(NEW_LINE, end);
    if (found < 0) break;
    end = found + 1;
    ends.push(end);
  }
  return ends;
};

/**
 * Samples of a dataset in the order of its file; `next` is the place in the file where the following page begins.
 * @throws NotFound for one that is deleted, too
 * @throws DatasetNotReady while there are no files
 */
export const makeListDatasetItems =
  ({ store, files }: { store: DatasetStore; files: DatasetFiles }) =>
  async (
    { datasetId, part }: { datasetId: string; part: Part },
    { limit, from = 0 }: { limit: number; from?: number | undefined },
  ): Promise<Page<unknown>> => {
    const dataset = await store.getDataset(datasetId);
    const { status, bytes } = dataset;
    if (status === 'deleted') throw new NotFound('dataset');
    if (status === 'empty') return { items: [] };
    if (status !== 'ready') throw new DatasetNotReady(status);
    const size = bytes[part];
    if (from >= size) return { items: [] };
    const content = await files.read(datasetId, DATASET_FILES[part], { from, bytes: PAGE_BYTES });
    const end = lineEnds(content, limit).at(-1) as number;
    const lines = new TextDecoder().decode(content.subarray(0, end)).split('\n').slice(0, -1);
    const next = from + end;
    return { items: lines.map((line) => JSON.parse(line)), next: next < size ? String(next) : undefined };
  };
