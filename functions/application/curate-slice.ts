import type { Curated } from '#domain/dataset/curate-session';
import { type Dataset, type DatasetBuild, NO_COUNTS } from '#domain/dataset/dataset';
import { failDataset } from '#domain/dataset/dataset-change';
import { TrainingDataDisabled } from '#domain/dataset/errors';
import { buildRunOf, isBuiltBy } from '#domain/dataset/recover-build';
import { utf8Length } from '#domain/dataset/sample';
import { ConcurrentUpdate } from '#domain/errors';
import type { Session } from '#domain/session/session';
import { allowsTraining } from '#domain/tenant/tenant';
import { firstUlidOf } from '#domain/ulid';
import { datasetWrites } from './change-writes.ts';
import { makeCurateSessions } from './curate-sessions.ts';
import { makeDatasetParts, partName } from './dataset-parts.ts';
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
 * Curate Slice: reads sessions on from where the build stands, for ten minutes at most. After every 500 sessions, or 8 MB, or when its
 * time is over, the samples are stored as a part and the build moves on in one write, which names the part. A slice that is lost, or done
 * twice, or beside another one, leaves what one slice leaves; one of an execution that does not build the dataset any more does nothing.
 */
export const makeCurateSlice = ({ store, files, objects, clock, digest, ids }: Ports, limits = CURATION_LIMITS) => {
  const curate = makeCurateSessions({ store, objects, digest });

  /** Reads sessions until the next part is full, the slice has no time left, or no session is. */
  const readPart = async (dataset: Dataset, build: DatasetBuild, until: number) => {
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
      if (isRead || isFull() || clock.now() >= until) return { samples, counts, after, isRead };
    }
  };

  /** After an answer that was lost, the part that is refused may be one that counts. */
  const removeUncounted = async (datasetId: string, parts: readonly string[]): Promise<void> => {
    const build = await store.findDatasetBuild(datasetId);
    for (const part of parts) if (!build?.parts.includes(part)) await makeDatasetParts(files, datasetId).remove(part);
  };

  /** One part further. @throws ConcurrentUpdate when somebody else moved the build meanwhile; what this one stored is gone then */
  const advance = async (dataset: Dataset, before: DatasetBuild | undefined, until: number): Promise<void> => {
    const build = before ?? { datasetId: dataset.id, parts: [], isRead: false, counts: NO_COUNTS, revision: 0 };
    const { samples, ...read } = await readPart(dataset, build, until);
    const part = partName(build.parts.length + 1, { run: buildRunOf(dataset), id: ids.ulid() });
    const added = samples.length > 0 ? [part] : [];
    for (const name of added) await makeDatasetParts(files, dataset.id).write(name, samples);
    const next = { ...build, ...read, parts: [...build.parts, ...added], revision: build.revision + 1 };
    await store
      .commit([{ kind: 'dataset-build', before: before ?? null, after: next }])
      .catch(async (error: unknown) => {
        if (error instanceof ConcurrentUpdate) await removeUncounted(dataset.id, added);
        throw error;
      });
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

  /** Where there is nothing to read, that is the answer. */
  const refusal = async (dataset: Dataset, run: number | undefined): Promise<SliceAnswer | undefined> => {
    if (dataset.status !== 'building') return settle(dataset);
    if (!isBuiltBy(dataset, run)) return 'settled';
    return allowsTraining(await store.getTenant()) ? undefined : forbid(dataset);
  };

  return async ({ datasetId, run }: { datasetId: string; run?: number | undefined }): Promise<SliceAnswer> => {
    const until = clock.now() + SLICE_MS;
    for (;;) {
      const dataset = await store.getDataset(datasetId);
      const refused = await refusal(dataset, run);
      if (refused !== undefined) return refused;
      const build = await store.findDatasetBuild(datasetId);
      if (build?.isRead) return 'read';
      if (clock.now() >= until) return 'more';
      await advance(dataset, build, until);
    }
  };
};
