import type { Dataset, DatasetBuild, DatasetError } from './dataset.ts';
import { announceDataset, type DatasetChange, failDataset } from './dataset-change.ts';
import { progressOf, watchFrom } from './watch-build.ts';

/** Recoveries of a build in a row, without progress and within an hour. */
export const MAX_BUILD_RECOVERIES = 3;

const HOUR_DIGITS = 'yyyy-mm-ddThh'.length;

export const buildLost: DatasetError = {
  code: 'EXECUTION_LOST',
  message: `the execution that built the dataset was lost, and ${MAX_BUILD_RECOVERIES} new ones after it; make the dataset anew, and have an operator look at state machine dataset-curation if that repeats`,
};

/** The number of the execution that builds a dataset. */
export const buildRunOf = ({ run = 1 }: Pick<Dataset, 'run'>): number => run;

/** Whether it is this execution that builds a dataset. One that an earlier version began does not know its number. */
export const isBuiltBy = (dataset: Pick<Dataset, 'run'>, run: number | undefined): boolean =>
  run === undefined || buildRunOf(dataset) === run;

/** Asks for the next execution: of an ended dataset it tidies up what the build left. */
const nextRun = (dataset: Dataset) => {
  const run = buildRunOf(dataset) + 1;
  return { run, internal: { consumers: ['start-execution' as const], curation: dataset.id, curationRun: run } };
};

/** Gives a build whose execution was lost to a new one, which goes on from where the build stands; ends it when that was done too often. */
export const recoverBuild = (
  dataset: Dataset,
  build: DatasetBuild | undefined,
  { at, waitingJobs }: { readonly at: string; readonly waitingJobs: readonly string[] },
): { readonly change: DatasetChange; readonly isGivenUp: boolean } => {
  const mark = `${at.slice(0, HOUR_DIGITS)}#${progressOf(build)}`;
  const before = dataset.recovery?.mark === mark ? dataset.recovery.count : 0;
  const { run, internal } = nextRun(dataset);
  if (before >= MAX_BUILD_RECOVERIES) {
    const { after, events } = failDataset({ ...dataset, run }, buildLost, at, waitingJobs);
    const alsoTidied = events.map((event) => {
      const { consumers = [], ...wakes } = event.internal ?? {};
      return { ...event, internal: { ...internal, ...wakes, consumers: [...internal.consumers, ...consumers] } };
    });
    return { isGivenUp: true, change: { before: dataset, after, events: alsoTidied } };
  }
  const watch = watchFrom(progressOf(build), Date.parse(at));
  const next: Dataset = { ...dataset, run, recovery: { count: before + 1, mark }, watch };
  const change = announceDataset(dataset, next, { type: 'dataset.recovered', payload: { run }, internal }, at);
  return { isGivenUp: false, change };
};
