import type { Dataset, DatasetBuild } from './dataset.ts';

/** Longer than any state of a build may last with all its repetitions; whoever reads sessions moves on each few minutes. */
const SILENCE_MS = 2 * 3600 * 1000;

type Watch = NonNullable<Dataset['watch']>;

/** When a build is looked at that has come so far. */
export const watchFrom = (seen: number, now: number): Watch => ({
  dueAt: new Date(now + SILENCE_MS).toISOString(),
  seen,
});

/** How far a build has come: a number that grows. */
export const progressOf = (build: DatasetBuild | undefined): number => build?.revision ?? 0;

/** Whether a build that is looked at has come no further since the look before. */
export const standsStill = ({ watch }: Pick<Dataset, 'watch'>, build: DatasetBuild | undefined): boolean =>
  watch !== undefined && progressOf(build) <= watch.seen;
