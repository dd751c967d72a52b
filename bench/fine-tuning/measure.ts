import type { Consumption } from '#bench/units/meter';
import type { LocalDynamo } from '#test/support/dynamodb';
import { cancelledJob, failedJob, type MeasuredJob, plainJob, replayedJob } from './jobs.ts';
import { measureAliases } from './operations.ts';
import type { Measured } from './world.ts';

/** What fine-tuning consumes. */
export interface TrainingUnits {
  /** Of jobs, each as it was done first; then moves of an alias. */
  readonly operations: { readonly [name: string]: Consumption };
  readonly jobs: { readonly [name: string]: MeasuredJob };
  /** The states that a plain job passes. */
  readonly states: readonly string[];
}

/** Every figure by its name. */
export const trainingRows = ({ operations, jobs }: TrainingUnits): TrainingUnits['operations'] => ({
  ...operations,
  ...jobs,
});

/** Names of jobs: as short and as long as a training may be, */
export const A_MINUTE = 'job, trains for a minute';
export const FIVE_DAYS = 'job, trains for five days';
/** and with so many pairs of replayed sessions. */
export const ONE_PAIR = 'job, 1 replayed pair';
export const THREE_PAIRS = 'job, 3 replayed pairs';

const MINUTE_SECONDS = 60;
const FIVE_DAYS_SECONDS = 5 * 86_400;

/** Looks of the clock at a long training: some at which nothing is new, one with a single point of the curve, one with all but the last, the end. */
const pace = (tick: number) => {
  if (tick < 3) return MINUTE_SECONDS;
  return FIVE_DAYS_SECONDS * (tick === 4 ? 0.95 : 0.02);
};

/** Each operation as it was done first. */
const firstOf = (sequence: readonly Measured[]): TrainingUnits['operations'] => {
  const found = new Map<string, Consumption>();
  for (const { operation, ...consumed } of sequence) if (!found.has(operation)) found.set(operation, consumed);
  return Object.fromEntries(found);
};

/** Trains in every way and moves aliases, each on new tables of the engine. */
export const measureTraining = async (dynamo: LocalDynamo): Promise<TrainingUnits> => {
  const days = await plainJob(dynamo, FIVE_DAYS_SECONDS, pace);
  const all = {
    [A_MINUTE]: await plainJob(dynamo, MINUTE_SECONDS),
    [FIVE_DAYS]: days,
    'job, fails half way': await failedJob(dynamo),
    'job, cancelled while it trains': await cancelledJob(dynamo),
    [ONE_PAIR]: await replayedJob(dynamo, 1),
    [THREE_PAIRS]: await replayedJob(dynamo, 3),
  };
  const operations = firstOf([days, ...Object.values(all)].flatMap(({ sequence }) => sequence));
  const jobs = Object.entries(all).map(([name, { write_units, read_units, calls, transitions }]) => [
    name,
    { write_units, read_units, calls, transitions },
  ]);
  return {
    operations: { ...operations, ...(await measureAliases(dynamo)) },
    jobs: Object.fromEntries(jobs),
    states: days.states,
  };
};
