import type { Curated } from '#domain/dataset/curate-session';
import { type Dataset, type DatasetBuild, NO_COUNTS } from '#domain/dataset/dataset';
import { failDataset } from '#domain/dataset/dataset-change';
import { TrainingDataDisabled } from '#domain/dataset/errors';
import { utf8Length } from '#domain/dataset/sample';
import type { Session } from '#domain/session/session';
import { allowsTraining } from '#domain/tenant/tenant';
import { firstUlidOf } from '#domain/ulid';
import { datasetWrites } from './change-writes.ts';
import { makeCurateSessions } from './curate-sessions.ts';
import { makeDatasetParts } from './dataset-parts.ts';
import { makeEndBuild } from './end-build.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TextObjects } from './ports/object-store.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** Whether sessions are left to look at, all are, or the dataset is not being built any more. */
export type SliceAnswer = 'more' | 'read' | 'settled';

/** How many sessions a dataset looks at, and after how many of them the build moves on. */
export const CURATION_LIMITS = { sessions: 20_000, sessionsPerPart: 500 };
/** What a part may weigh, so that memory stays flat whatever sessions hold. */
const BYTES_PER_PART = 8 * 1024 * 1024;
/** What one read of the table takes: as many sessions as their four items fit into one batch. */
const AT_ONCE = 25;
const SLICE_MS = 10 * 60 * 1000;
/** An id is made a moment after the time of creation that goes with it. */
const SLACK_MS = 60_000;

interface Ports {
  readonly store: TenantStore;
  readonly files: DatasetFiles;
  readonly objects: Pick<TextObjects, 'readText'>;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly ids: Identifiers;
}

const startOf = ({ createdTo }: Dataset['filters']) => createdTo && firstUlidOf(Date.parse(createdTo) + SLACK_MS);

/** Whether a session, and with it every older one, was created before the first moment that the filters admit. */
const isTooOld = ({ createdAt }: Session, { createdFrom }: Dataset['filters']) =>
  createdFrom !== undefined && Date.parse(createdAt) < Date.parse(createdFrom) - SLACK_MS;

/**
 * Curate Slice: reads sessions on from where the build stands, for ten minutes at most. After every 500 sessions, or 8 MB, the samples
 * are stored as a part and the build moves on in one write. A slice that is lost or done twice leaves what one slice leaves.
 */
export const makeCurateSlice = ({ store, files, objects, clock, digest, ids }: Ports, limits = CURATION_LIMITS) => {
  const curate = makeCurateSessions({ store, objects, digest });

  /** Reads sessions until the next part is full, or none is left. */
  const readPart = async (dataset: Dataset, build: DatasetBuild) => {
    const samples: Curated[] = [];
    let { counts, after } = build;
    let bytes = 0;
    const isFull = () => counts.scanned - build.counts.scanned >= limits.sessionsPerPart || bytes >= BYTES_PER_PART;
    for (;;) {
      const limit = Math.min(AT_ONCE, limits.sessionsPerPart, limits.sessions - counts.scanned);
      const page = await store.listSessions({ limit, after: after ?? startOf(dataset.filters) });
      const young = page.items.filter((session) => !isTooOld(session, dataset.filters));
      const found = await curate(young, dataset, counts);
      ({ counts } = found);
      samples.push(...found.samples);
      bytes += found.samples.reduce((sum, { line }) => sum + utf8Length(line), 0);
      after = page.next;
      const isRead = after === undefined || young.length < page.items.length || counts.scanned >= limits.sessions;
      if (isRead || isFull()) return { samples, counts, after, isRead };
    }
  };

  /** One part further. @throws ConcurrentUpdate when somebody else moved the build meanwhile */
  const advance = async (dataset: Dataset, before: DatasetBuild | undefined): Promise<DatasetBuild> => {
    const build = before ?? { datasetId: dataset.id, parts: 0, isRead: false, counts: NO_COUNTS, revision: 0 };
    const { samples, ...read } = await readPart(dataset, build);
    const parts = build.parts + (samples.length > 0 ? 1 : 0);
    if (samples.length > 0) await makeDatasetParts(files, dataset.id).write(parts, samples);
    const next = { ...build, ...read, parts, revision: build.revision + 1 };
    await store.commit([{ kind: 'dataset-build', before: before ?? null, after: next }]);
    return next;
  };

  const settle = async ({ id }: Dataset): Promise<SliceAnswer> => {
    await makeEndBuild({ store, files })(id);
    return 'settled';
  };

  /** The tenant has withdrawn its consent meanwhile. */
  const forbid = async (dataset: Dataset): Promise<SliceAnswer> => {
    const { code, message } = new TrainingDataDisabled();
    const waiting = await store.listDatasetUsers(dataset.id);
    await store.commit(datasetWrites(failDataset(dataset, { code, message }, isoNow(clock), waiting), ids));
    return settle(dataset);
  };

  return async ({ datasetId }: { datasetId: string }): Promise<SliceAnswer> => {
    const until = clock.now() + SLICE_MS;
    const dataset = await store.getDataset(datasetId);
    if (dataset.status === 'building' && !allowsTraining(await store.getTenant())) return forbid(dataset);
    if (dataset.status !== 'building') return settle(dataset);
    let build = await store.findDatasetBuild(datasetId);
    while (!build?.isRead) {
      if (clock.now() >= until) return 'more';
      build = await advance(dataset, build);
    }
    return 'read';
  };
};
