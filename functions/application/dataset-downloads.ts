import type { Dataset } from '#domain/dataset/dataset';
import type { Clock } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';

/** The files of a dataset that is ready. */
export const DATASET_FILES = { train: 'train.jsonl', eval: 'eval.jsonl', manifest: 'manifest.json' } as const;

const DOWNLOAD_SECONDS = 300;
const SECOND_MS = 1000;

/** Where a file can be downloaded, and until when. */
export interface Download {
  readonly url: string;
  readonly fileName: string;
  readonly expiresAt: string;
}

/** `YYYYMMDD_HHMMSS` of a moment, in UTC. */
const stamp = (iso: string) => iso.slice(0, 19).replace(/[-:]/g, '').replace('T', '_');

/** Addresses of a dataset's files for five minutes; undefined unless it is ready. */
export const makeDatasetDownloads =
  ({ files, clock }: { files: DatasetFiles; clock: Pick<Clock, 'now'> }) =>
  async ({ id, status, readyAt }: Dataset): Promise<Readonly<Record<string, Download>> | undefined> => {
    if (status !== 'ready' || readyAt === undefined) return undefined;
    const expiresAt = new Date(clock.now() + DOWNLOAD_SECONDS * SECOND_MS).toISOString();
    const downloads = Object.entries(DATASET_FILES).map(async ([part, name]) => {
      const fileName = `dataset_${stamp(readyAt)}_${name}`;
      const url = await files.presignDownload(id, name, { fileName, seconds: DOWNLOAD_SECONDS });
      return [part, { url, fileName, expiresAt }] as const;
    });
    return Object.fromEntries(await Promise.all(downloads));
  };
