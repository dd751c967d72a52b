import type { Dataset, DatasetBuild, PerPart } from '#domain/dataset/dataset';
import { completeDataset, type DatasetChange, emptyDataset } from '#domain/dataset/dataset-change';
import { manifestOf } from '#domain/dataset/manifest';
import { isBuiltBy } from '#domain/dataset/recover-build';
import { addRedactions, redactionCount } from '#domain/dataset/scrub';
import { type Selection, selectSamples } from '#domain/dataset/select-samples';
import type { Part } from '#domain/dataset/split';
import { TRANSCRIPT_FAULTS, type TranscriptFault } from '#domain/dataset/transcript';
import { datasetWrites } from './change-writes.ts';
import { DATASET_FILES } from './dataset-downloads.ts';
import { type IndexedSample, makeDatasetParts } from './dataset-parts.ts';
import { makeEndBuild } from './end-build.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Digest, Hasher } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

type Chosen = Selection<IndexedSample>['chosen'];

/** Lines that are fetched at a time; each is a request to the object storage. */
const LINES_AT_ONCE = 16;

interface Ports {
  readonly store: TenantStore;
  readonly files: DatasetFiles;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly ids: Identifiers;
}

/** Which build, and which of its executions asks. */
interface Asked {
  readonly datasetId: string;
  readonly run?: number | undefined;
}

type Ended = Pick<Dataset, 'status' | 'error'>;

const ofPart = (chosen: Chosen, part: Part) => chosen.filter((sample) => sample.part === part);
const perPart = (chosen: Chosen, figure: (sample: IndexedSample) => number): PerPart => {
  const sum = (part: Part) => ofPart(chosen, part).reduce((total, sample) => total + figure(sample), 0);
  return { train: sum('train'), eval: sum('eval') };
};

const faultsOf = (chosen: Chosen): Readonly<Record<TranscriptFault, number>> => {
  const of = (fault: TranscriptFault) => chosen.filter(({ transcriptFault }) => transcriptFault === fault).length;
  return Object.fromEntries(TRANSCRIPT_FAULTS.map((fault) => [fault, of(fault)])) as Record<TranscriptFault, number>;
};

/** Ends the dataset as it stands now: what is written does not depend on what else changed of it meanwhile. */
const makeEnd =
  ({ store, clock, ids }: Pick<Ports, 'store' | 'clock' | 'ids'>) =>
  (
    { datasetId, run }: Asked,
    endOf: (dataset: Dataset, at: string, waitingJobs: readonly string[]) => DatasetChange,
  ): Promise<Dataset> =>
    retryConflict(clock, async () => {
      const dataset = await store.getDataset(datasetId);
      if (dataset.status !== 'building' || !isBuiltBy(dataset, run)) return dataset;
      const change = endOf(dataset, isoNow(clock), await store.listDatasetUsers(datasetId));
      await store.commit(datasetWrites(change, ids));
      return change.after;
    });

/**
 * Write Files: chooses among the samples that were found, streams their lines into the files, and makes the dataset ready.
 * The files of the same samples are equal to the byte. Done again, it finds the dataset ended and only tidies up. For an execution that
 * does not build the dataset any more it does nothing.
 */
export const makeWriteDatasetFiles = ({ store, files, clock, digest, ids }: Ports) => {
  const endBuild = makeEndBuild({ store, files });
  const end = makeEnd({ store, clock, ids });

  const readIndex = async ({ datasetId, parts }: DatasetBuild): Promise<readonly IndexedSample[]> => {
    const index: IndexedSample[] = [];
    for (const part of parts) index.push(...(await makeDatasetParts(files, datasetId).readIndex(part)));
    return index;
  };

  async function* lines(datasetId: string, chosen: Chosen, hasher: Hasher) {
    const { readLine } = makeDatasetParts(files, datasetId);
    for (let start = 0; start < chosen.length; start += LINES_AT_ONCE) {
      for (const line of await Promise.all(chosen.slice(start, start + LINES_AT_ONCE).map(readLine))) {
        hasher.update(line);
        yield line;
      }
    }
  }

  /** Writes train and eval, in this order, and answers the checksum of both together. */
  const writeParts = async (datasetId: string, chosen: Chosen, bytes: PerPart): Promise<string> => {
    const hasher = digest.sha256Of();
    for (const part of ['train', 'eval'] as const)
      await files.write(datasetId, `${part}.jsonl`, lines(datasetId, ofPart(chosen, part), hasher), bytes[part]);
    return hasher.hex();
  };

  const writeManifest = async (datasetId: string, manifest: object) => {
    const content = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
    await files.write(datasetId, 'manifest.json', ReadableStream.from([content]), content.length);
  };

  const finish = async (asked: Asked, dataset: Dataset, build: DatasetBuild): Promise<Dataset> => {
    const { limit } = dataset.filters;
    const { chosen, ...left } = selectSamples(await readIndex(build), { limit, split: dataset.split }, digest.sha256);
    const redactionRules = addRedactions(chosen.map(({ redactions }) => redactions));
    const samples = perPart(chosen, () => 1);
    const counts = {
      ...build.counts,
      ...left,
      samples: chosen.length,
      ...samples,
      withMessages: chosen.filter(({ hasMessages }) => hasMessages).length,
      ...(dataset.includeTranscripts && { transcripts: faultsOf(chosen) }),
      redactions: redactionCount(redactionRules),
    };
    if (chosen.length === 0) {
      return end(asked, (now, at, waitingJobs) => emptyDataset(now, counts, at, waitingJobs));
    }
    const bytes = perPart(chosen, (sample) => sample.bytes + 1);
    const built = {
      counts,
      tokens: perPart(chosen, ({ tokens }) => tokens),
      bytes,
      redactionRules,
      simulated: chosen.some(({ simulated }) => simulated),
      sha256: await writeParts(dataset.id, chosen, bytes),
    };
    await writeManifest(dataset.id, manifestOf(dataset, built));
    const ended = await end(asked, (now, at, waitingJobs) => completeDataset(now, built, at, waitingJobs));
    // somebody else ended it while its files were written
    if (ended.status === 'failed' || ended.status === 'deleted')
      await files.remove(dataset.id, Object.values(DATASET_FILES));
    return ended;
  };

  const endedDataset = async (asked: Asked): Promise<Dataset> => {
    const dataset = await store.getDataset(asked.datasetId);
    if (dataset.status !== 'building' || !isBuiltBy(dataset, asked.run)) return dataset;
    const build = await store.findDatasetBuild(asked.datasetId);
    if (!build?.isRead) throw new Error('sessions are left to look at');
    return finish(asked, dataset, build);
  };

  return async (asked: Asked): Promise<Ended> => {
    const { status, error } = await endedDataset(asked);
    if (status !== 'building') await endBuild(asked.datasetId);
    return { status, error };
  };
};
