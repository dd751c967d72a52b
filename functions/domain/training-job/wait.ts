import type { Dataset } from '#domain/dataset/dataset';
import type { Holder } from '#domain/gate/gate';
import { drives, type TrainingDriver } from './driver.ts';
import type { TrainingJob, TrainingLive } from './training-job.ts';

export const JOB_WAITS = ['curate-dataset', 'claim-training-slot', 'train-model', 'evaluate-model'] as const;
/** States of the machine that wait for a token. */
export type JobWaitState = (typeof JOB_WAITS)[number];

/** The token of the state in which the driver of a job waits. A job has at most one. */
export interface JobWait extends TrainingDriver {
  readonly jobId: string;
  readonly state: JobWaitState;
  readonly taskToken: string;
  readonly since: string;
}

/** What a wait is judged by. */
export interface AwaitedJob {
  readonly job: TrainingJob;
  readonly live: TrainingLive;
  readonly dataset: Pick<Dataset, 'status'> | undefined;
  readonly holder: Holder | undefined;
}

/** Whether a driver need not wait any longer in a state: what it waits for is there, or will not come any more. */
export const isJobWaitOver = (
  wait: Pick<JobWait, 'attempt' | 'run' | 'state'>,
  { job, live, dataset, holder }: AwaitedJob,
): boolean => {
  if (!drives(wait, job)) return true;
  switch (wait.state) {
    case 'curate-dataset':
      return job.status !== 'queued' || dataset?.status !== 'building';
    case 'claim-training-slot':
      return job.status !== 'queued' || holder !== undefined;
    case 'train-model':
      return (job.status !== 'queued' && job.status !== 'running') || live.trainedAt !== undefined;
    case 'evaluate-model':
      return job.status !== 'evaluating' || live.evaluatedAt !== undefined;
  }
};
