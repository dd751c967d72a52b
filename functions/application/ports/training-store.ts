import type { EvaluatedPair } from '#domain/evaluation/evaluation';
import type { Replay } from '#domain/evaluation/replay';
import type { MetricPoint } from '#domain/training-job/metric-point';
import type { TrainingInput, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { JobWait } from '#domain/training-job/wait';
import type { Page, StoredEvent } from './page.ts';

/** Training jobs of one tenant and what stands beside them. */
export interface TrainingStore {
  /** @throws NotFound */
  getTrainingJob(jobId: string): Promise<TrainingJob>;
  findTrainingJob(jobId: string): Promise<TrainingJob | undefined>;
  findTrainingInput(jobId: string): Promise<TrainingInput | undefined>;
  findTrainingLive(jobId: string): Promise<TrainingLive | undefined>;
  /** By job, in any order; unknown ones are left out. */
  findTrainingLives(jobIds: readonly string[]): Promise<ReadonlyMap<string, TrainingLive>>;
  /** Newest first. Index reads: a job created a moment ago may be missing. */
  listTrainingJobs(query: { limit: number; after?: string | undefined }): Promise<Page<TrainingJob>>;
  /** All that are kept of an attempt, in the order of their steps; there are about a hundred at most. */
  listTrainingPoints(jobId: string, attempt: number): Promise<readonly MetricPoint[]>;
  findReplay(jobId: string, attempt: number): Promise<Replay | undefined>;
  /** Pairs that an attempt's model was compared by; none before that. */
  findEvaluatedPairs(jobId: string, attempt: number): Promise<readonly EvaluatedPair[]>;
  /** Oldest first. */
  listTrainingEvents(jobId: string, query: { afterSeq: number; limit: number }): Promise<Page<StoredEvent>>;
  /** Versions of a model that exist or that a job is about to make. */
  listVersionClaims(modelName: string): Promise<readonly string[]>;
  /** Open jobs that use a dataset. */
  listDatasetUsers(datasetId: string): Promise<readonly string[]>;
  findJobWait(jobId: string): Promise<JobWait | undefined>;
  /** Stores the token of a state, unless a later execution waits already; then answers false. */
  putJobWait(wait: JobWait): Promise<boolean>;
  /** Deletes the wait if it still is this one. */
  removeJobWait(wait: JobWait): Promise<void>;
}
