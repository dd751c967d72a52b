import { isTerminalTraining } from './status.ts';
import type { TrainingJob } from './training-job.ts';

/** What begins or ends now is the poller's: it is told, and repeats what fails. */
const GRACE_MS = 15 * 60_000;

/** A training that has not ended, as its provider tells. */
export interface SeenTraining {
  readonly attempt: number;
  /** ISO, in UTC. */
  readonly startedAt: string;
}

/**
 * Whether nobody waits for a training any more although its provider is at it: there is no such job, or its job is not, and has not
 * been for a while, at that attempt.
 */
export const isStray = (
  { attempt, startedAt }: SeenTraining,
  job: Pick<TrainingJob, 'attempt' | 'status' | 'statusUpdatedAt'> | undefined,
  now: number,
): boolean => {
  const isLongAgo = (at: string) => now - Date.parse(at) >= GRACE_MS;
  if (!isLongAgo(startedAt)) return false;
  if (job === undefined) return true;
  const isOpen = job.attempt === attempt && !isTerminalTraining(job.status);
  return !isOpen && isLongAgo(job.statusUpdatedAt);
};
