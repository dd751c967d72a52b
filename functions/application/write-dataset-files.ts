import type { Dataset, DatasetBuild, PerPart } from '#domain/dataset/dataset';
import { completeDataset, type DatasetChange, emptyDataset } from '#domain/dataset/dataset-change';
import { manifestOf } from '#domain/dataset/manifest';
import { addRedactions, redactionCount } from '#domain/dataset/scrub';
import { type Selection, selectSamples } from '#domain/dataset/select-samples';
import type { Part } from '#domain/dataset/split';
import { datasetWrites } from './change-writes.ts';
import { type IndexedSample, makeDatasetParts } from './dataset-parts.ts';
import { makeEndBuild } from './end-build.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Digest, Hasher } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';

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

const ofPart = (chosen: Chosen, part: Part) => chosen.filter((sample) => sample.part === part);
const perPart = (chosen: Chosen, figure: (sample: IndexedSample) => number): PerPart => {
  const sum = (part: Part) => ofPart(chosen, part).reduce((total, sample) => total + figure(sample), 0);
  return { train: sum('train'), eval: sum('eval') };
};

/**
 * Write Files: chooses among the samples that were found, streams their lines into the files, and makes the dataset ready.
 * The files of the same samples are equal to the byte. Done again, it finds the dataset ended and only tidies up.
 */
export const makeWriteDatasetFiles = ({ store, files, clock, digest, ids }: Ports) => {
  const endBuild = makeEndBuild({ store, files });

  const readIndex = async ({ datasetId, parts }: DatasetBuild): Promise<readonly IndexedSample[]> => {
    const index: IndexedSample[] = [];
    for (let part = 1; part <= parts; part++) index.push(...(await makeDatasetParts(files, datasetId).readIndex(part)));
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

  const commit = async (change: DatasetChange): Promise<Dataset> => {
    await store.commit(datasetWrites(change, ids));
    return change.after;
  };

  const finish = async (dataset: Dataset, build: DatasetBuild): Promise<Dataset> => {
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
      redactions: redactionCount(redactionRules),
    };
    if (chosen.length === 0) {
      return commit(emptyDataset(dataset, counts, isoNow(clock), await store.listDatasetUsers(dataset.id)));
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
    return commit(completeDataset(dataset, built, isoNow(clock), await store.listDatasetUsers(dataset.id)));
  };

  return async ({ datasetId }: { datasetId: string }): Promise<Pick<Dataset, 'status' | 'error'>> => {
    const dataset = await store.getDataset(datasetId);
    const build = await store.findDatasetBuild(datasetId);
    if (dataset.status === 'building' && !build?.isRead) throw new Error('sessions are left to look at');
    const { status, error } = dataset.status === 'building' && build ? await finish(dataset, build) : dataset;
    await endBuild(datasetId);
    return { status, error };
  };
};
