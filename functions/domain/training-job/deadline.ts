import type { Compute } from './parameters.ts';
import { isTerminalTraining } from './status.ts';
import type { TrainingError, TrainingJob } from './training-job.ts';

const SECOND_MS = 1000;
const QUEUED_SECONDS = 24 * 3600;
const EVALUATING_SECONDS = 24 * 3600;
/** What a provider may need beyond the time that it was given. */
const GRACE_SECONDS = 900;
/** How long a provider may take to stop before the job is cancelled without its word. */
const STOP_SECONDS = 300;

/** How often a job under way is looked at. */
export const LOOK_SECONDS = 60;

const passed = (since: string | undefined, seconds: number, now: number) =>
  since !== undefined && now >= Date.parse(since) + seconds * SECOND_MS;

/** Whether a job that was asked to stop is cancelled, whatever its provider says. */
export const isStopOverdue = ({ cancelRequestedAt }: TrainingJob, now: number): boolean =>
  passed(cancelRequestedAt, STOP_SECONDS, now);

/** Why a job has lasted longer than it may; undefined while it has not. */
export const overdue = (
  job: TrainingJob,
  { maxWaitSeconds }: Pick<Compute, 'maxWaitSeconds'>,
  now: number,
): TrainingError | undefined => {
  if (job.status === 'queued' && passed(job.statusUpdatedAt, QUEUED_SECONDS, now))
    return { code: 'TRAINING_TIMEOUT', message: `the job was queued for ${QUEUED_SECONDS / 3600} hours` };
  if (job.status === 'running' && passed(job.startedAt, maxWaitSeconds + GRACE_SECONDS, now))
    return { code: 'TRAINING_TIMEOUT', message: `the training did not end within ${maxWaitSeconds} seconds` };
  if (job.status === 'evaluating' && passed(job.statusUpdatedAt, EVALUATING_SECONDS + GRACE_SECONDS, now))
    return {
      code: 'EVALUATION_FAILED',
      message: `the evaluation did not end within ${EVALUATING_SECONDS / 3600} hours`,
    };
  return undefined;
};

/** When a job is to be looked at again; never once it has ended. */
export const nextLook = ({ status }: TrainingJob, now: number): string | undefined =>
  isTerminalTraining(status) || status === 'pending'
    ? undefined
    : new Date(now + LOOK_SECONDS * SECOND_MS).toISOString();
