import type { DomainEvent, EventInternals } from '#domain/event';
import { driverOf } from './driver.ts';
import { InvalidTrainingMove } from './errors.ts';
import { isLegalTrainingMove, isTerminalTraining, type TrainingStatus } from './status.ts';
import type { Phase, TrainingError, TrainingJob } from './training-job.ts';

/** A job before and after, with the events that announce the difference, numbered. */
export interface TrainingChange {
  readonly before: TrainingJob | null;
  readonly after: TrainingJob;
  readonly events: readonly DomainEvent[];
}

export interface TrainingFact {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly internal?: EventInternals | undefined;
}

/** Appends a fact to a job: its version becomes the number of it. Every payload names the job, and whether it is simulated. */
export const recordTraining = (
  job: TrainingJob,
  { type, payload, internal }: TrainingFact,
  at: string,
): Pick<TrainingChange, 'after' | 'events'> => ({
  after: { ...job, version: job.version + 1, updatedAt: at },
  events: [
    {
      stream: `training_job:${job.id}`,
      seq: job.version + 1,
      type,
      payload: { job_id: job.id, ...payload, simulated: job.simulated },
      timestamp: at,
      ...(internal ? { internal } : {}),
    },
  ],
});

export interface TrainingMove {
  readonly to: TrainingStatus;
  readonly at: string;
  readonly phase?: Phase | undefined;
  readonly error?: TrainingError | undefined;
  readonly internal?: EventInternals | undefined;
  /** Fields that change with the status. */
  readonly set?: Partial<TrainingJob>;
}

/** Announces a move. */
const announced = (job: TrainingJob, from: TrainingStatus, { at, phase, internal }: TrainingMove) =>
  recordTraining(
    job,
    {
      type: 'training_job.status_changed',
      payload: {
        old_status: from,
        new_status: job.status,
        ...(phase ? { phase } : {}),
        attempt: job.attempt,
        ...(job.error ? { error: job.error } : {}),
      },
      internal,
    },
    at,
  );

/** A model that has to be compared is not complete before that. */
const isUnjudged = ({ status, isGated }: TrainingJob, to: TrainingStatus) =>
  isGated && status === 'running' && to === 'completed';

/** Moves a job to another status. @throws InvalidTrainingMove when the table of legal moves does not admit it */
export const moveTraining = (job: TrainingJob, how: TrainingMove): TrainingChange => {
  const { to, at, error, set } = how;
  if (!isLegalTrainingMove(job.status, to) || isUnjudged(job, to)) throw new InvalidTrainingMove(job.status, to);
  const moved: TrainingJob = {
    ...job,
    ...set,
    status: to,
    statusUpdatedAt: at,
    error,
    ...(to === 'running' && job.startedAt === undefined ? { startedAt: at } : {}),
    ...(isTerminalTraining(to) ? { completedAt: at } : {}),
  };
  return { before: job, ...announced(moved, job.status, how) };
};

/** Announces what changes a job and not its status. */
export const noteTraining = (job: TrainingJob, how: Omit<TrainingMove, 'to' | 'error'>): TrainingChange => ({
  before: job,
  ...announced({ ...job, ...how.set }, job.status, { ...how, to: job.status }),
});

/** Two changes of one job as one. */
export const andThen = (first: TrainingChange, next: (job: TrainingJob) => TrainingChange): TrainingChange => {
  const second = next(first.after);
  return { before: first.before, after: second.after, events: [...first.events, ...second.events] };
};

/** A change whose newest event also has the poller look at the job at once. */
export const alsoPoll = (change: TrainingChange): TrainingChange => {
  const newest = change.events.at(-1);
  const { consumers = [], ...internal } = newest?.internal ?? {};
  if (newest === undefined || consumers.includes('poll-training')) return change;
  const training = driverOf(change.after);
  const polled = {
    ...newest,
    internal: { ...internal, consumers: [...consumers, 'poll-training' as const], training },
  };
  return { ...change, events: [...change.events.slice(0, -1), polled] };
};

/** A change whose newest event also wakes the drivers of jobs whose waits may be over. */
export const alsoWake = (change: TrainingChange, jobIds: readonly string[]): TrainingChange => {
  const newest = change.events.at(-1);
  if (newest === undefined || jobIds.length === 0) return change;
  const { consumers = [], ...internal } = newest.internal ?? {};
  const woken = { ...newest, internal: { ...internal, consumers: [...consumers, 'wake' as const], wakeJobs: jobIds } };
  return { ...change, events: [...change.events.slice(0, -1), woken] };
};
