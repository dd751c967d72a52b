import { NotFound } from '#domain/errors';
import type { DomainEvent, EventInternals } from '#domain/event';
import {
  type Dataset,
  type DatasetCounts,
  type DatasetError,
  type DatasetFilters,
  type DatasetSplit,
  NO_COUNTS,
  type PerPart,
} from './dataset.ts';
import { DatasetInUse, DatasetNotReady } from './errors.ts';
import { type BuiltDataset, wireCounts } from './manifest.ts';
import { watchFrom } from './watch-build.ts';

/** A dataset before and after, with the event that announces the difference. */
export interface DatasetChange {
  readonly before: Dataset | null;
  readonly after: Dataset;
  readonly events: readonly DomainEvent[];
}

/** What is announced of a dataset. */
export interface DatasetFact {
  readonly type: `dataset.${'created' | 'recovered' | 'ready' | 'failed' | 'deleted'}`;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly internal?: EventInternals;
}

/** A dataset one event further. */
export const announceDataset = (
  before: Dataset | null,
  next: Dataset,
  { type, payload, internal }: DatasetFact,
  at: string,
) => {
  const seq = next.version + 1;
  const event: DomainEvent = {
    stream: `dataset:${next.id}`,
    seq,
    type,
    payload: { dataset_id: next.id, status: next.status, ...payload },
    timestamp: at,
    ...(internal ? { internal } : {}),
  };
  return { before, after: { ...next, version: seq, updatedAt: at }, events: [event] };
};

export interface NewDataset {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly filters: DatasetFilters;
  readonly split: DatasetSplit;
  readonly includeTranscripts: boolean;
  readonly createdBy: string;
}

const NOTHING: PerPart = { train: 0, eval: 0 };

/** A dataset whose build begins with the event that announces it. */
export const createDataset = (fields: NewDataset, redactionVersion: number, at: string): DatasetChange =>
  announceDataset(
    null,
    {
      ...fields,
      version: 0,
      status: 'building',
      counts: NO_COUNTS,
      tokens: NOTHING,
      bytes: NOTHING,
      redactionVersion,
      redactionRules: {},
      simulated: false,
      createdAt: at,
      updatedAt: at,
      watch: watchFrom(0, Date.parse(at)),
      revision: 0,
    },
    { type: 'dataset.created', internal: { consumers: ['start-execution'], curation: fields.id } },
    at,
  );

/** Training jobs that wait for the dataset look at it when its build has ended, however. */
const waking = (waitingJobs: readonly string[]): Pick<DatasetFact, 'internal'> =>
  waitingJobs.length > 0 ? { internal: { consumers: ['wake'], wakeJobs: waitingJobs } } : {};

const checkBuilding = ({ status }: Dataset) => {
  if (status !== 'building') throw new DatasetNotReady(status);
};

/** The files are written, and nothing changes them any more. @throws DatasetNotReady unless it was being built */
export const completeDataset = (
  dataset: Dataset,
  built: BuiltDataset,
  at: string,
  waitingJobs: readonly string[],
): DatasetChange => {
  checkBuilding(dataset);
  const payload = { counts: wireCounts(built.counts), sha256: built.sha256, simulated: built.simulated };
  return announceDataset(
    dataset,
    { ...dataset, ...built, status: 'ready', readyAt: at },
    { type: 'dataset.ready', payload, ...waking(waitingJobs) },
    at,
  );
};

const EMPTY: DatasetError = {
  code: 'DATASET_EMPTY',
  message: 'no session of the tenant became a sample; counts say why',
};

/** Nothing matched: whoever waits for the dataset is told that it will never be ready. @throws DatasetNotReady */
export const emptyDataset = (
  dataset: Dataset,
  counts: DatasetCounts,
  at: string,
  waitingJobs: readonly string[],
): DatasetChange => {
  checkBuilding(dataset);
  const payload = { counts: wireCounts(counts), error: EMPTY };
  return announceDataset(
    dataset,
    { ...dataset, status: 'empty', counts },
    { type: 'dataset.failed', payload, ...waking(waitingJobs) },
    at,
  );
};

/** The build could not be ended. @throws DatasetNotReady unless it was being built */
export const failDataset = (
  dataset: Dataset,
  error: DatasetError,
  at: string,
  waitingJobs: readonly string[],
): DatasetChange => {
  checkBuilding(dataset);
  return announceDataset(
    dataset,
    { ...dataset, status: 'failed', error },
    { type: 'dataset.failed', payload: { error }, ...waking(waitingJobs) },
    at,
  );
};

/**
 * The files go, the record and its checksum stay.
 * @throws NotFound for one that is deleted already
 * @throws DatasetNotReady while it is being built
 * @throws DatasetInUse while open jobs use it
 */
export const deleteDataset = (dataset: Dataset, openJobs: readonly string[], at: string): DatasetChange => {
  if (dataset.status === 'deleted') throw new NotFound('dataset');
  if (dataset.status === 'building') throw new DatasetNotReady(dataset.status);
  if (openJobs.length > 0) throw new DatasetInUse(openJobs);
  return announceDataset(dataset, { ...dataset, status: 'deleted' }, { type: 'dataset.deleted' }, at);
};
