import { LOOK_SECONDS } from './deadline.ts';
import { isTerminalTraining } from './status.ts';
import type { Leftover, TrainingJob, TrainingLive } from './training-job.ts';

const SECOND_MS = 1000;
/** A provider that is asked to begin may still do so a while after the job has ended. */
const LATE_START_MS = 120_000;
/** A provider that has not stopped by then needs a person. */
const STOPPED_BY_MS = 30 * 60_000;

/** The training of an attempt that ends now, where its provider may still be at work on it. */
const leftoverOf = (live: TrainingLive, since: string): Leftover | undefined => {
  const { attempt, submittingAt, externalJobId, submittedAt, dataset, trainedAt, releasedAt } = live;
  if (submittingAt === undefined || trainedAt !== undefined || releasedAt !== undefined) return undefined;
  return { attempt, externalJobId, submittedAt, dataset, since };
};

/** What is left running when an attempt ends: to what earlier ones left comes its own training. */
export const leftoversAtEnd = (live: TrainingLive, at: string): readonly Leftover[] => {
  const own = leftoverOf(live, at);
  return [...(live.leftovers ?? []), ...(own ? [own] : [])];
};

/** The attempts whose sessions are to be called off when this one ends: to earlier ones comes its own. */
export const replaysAtEnd = ({ attempt, openReplays = [] }: TrainingLive, isReplaying: boolean): readonly number[] => [
  ...openReplays,
  ...(isReplaying ? [attempt] : []),
];

/** What is still to be stopped of attempts that have ended. */
export interface Remains {
  readonly leftovers: readonly Leftover[];
  readonly openReplays: readonly number[];
}

/** Live values with what is still to be stopped. Nobody looks at a job any more that has ended and left nothing. */
export const withLeftovers = (
  live: TrainingLive,
  { status }: Pick<TrainingJob, 'status'>,
  { leftovers, openReplays, now }: Remains & { readonly now: number },
): TrainingLive => {
  const isUnderWay = !isTerminalTraining(status) && status !== 'pending';
  const isLeft = leftovers.length > 0 || openReplays.length > 0;
  const dueAt = isLeft ? new Date(now + LOOK_SECONDS * SECOND_MS).toISOString() : undefined;
  return {
    ...live,
    leftovers: leftovers.length > 0 ? leftovers : undefined,
    openReplays: openReplays.length > 0 ? openReplays : undefined,
    dueAt: isUnderWay ? live.dueAt : dueAt,
  };
};

/** Whether a training that its provider does not know will not begin any more. */
export const cannotBegin = ({ since }: Leftover, now: number): boolean => now - Date.parse(since) >= LATE_START_MS;

/** Whether a provider takes so long to stop that somebody has to look. */
export const runsOn = ({ since }: Leftover, now: number): boolean => now - Date.parse(since) >= STOPPED_BY_MS;
