import { LOOK_WITH_A_POINT, QUIET_LOOK } from '#bench/fine-tuning/jobs';
import {
  A_MINUTE,
  FIVE_DAYS,
  measureTraining,
  ONE_PAIR,
  THREE_PAIRS,
  type TrainingUnits,
} from '#bench/fine-tuning/measure';
import { measureDataset } from '#bench/fine-tuning/operations';
import { beyondLimits, type Section } from '#bench/section';
import { type Consumption, sumOf } from '#bench/units/meter';
import { trainingUnitTable } from '#bench/units/unit-table';
import { startDynamo } from '#test/support/dynamodb';

const TRANSITIONS_LIMIT = 12;
/** Of one part of a dataset. */
const SESSIONS = 500;

const FIGURES = ['write_units', 'read_units', 'calls', 'transitions'] as const;
type Row = Partial<Record<(typeof FIGURES)[number], number>>;

const row = (name: string, figures: Row | undefined) => [name, ...FIGURES.map((figure) => figures?.[figure] ?? '')];

/** What each of two more pairs adds. */
const perPair = ({ jobs }: TrainingUnits): Row => {
  const [one, three] = [jobs[ONE_PAIR], jobs[THREE_PAIRS]];
  return Object.fromEntries(
    FIGURES.map((figure) => [figure, ((three?.[figure] ?? Number.NaN) - (one?.[figure] ?? Number.NaN)) / 2]),
  );
};

const MINUTES = 5 * 24 * 60;
/** Points of the curve that are kept, beside the last. */
const POINTS = 100;

/** A job of five days, looked at every minute. */
const wholeLongJob = ({ operations, jobs }: TrainingUnits): Consumption => {
  const job = jobs[FIVE_DAYS];
  const isTick = (name: string) => name.startsWith('tick') && / (running|evaluating)\)$/.test(name);
  const moves = Object.entries(operations).flatMap(([name, consumed]) => (isTick(name) ? [consumed] : []));
  const [point, quiet] = [operations[LOOK_WITH_A_POINT], operations[QUIET_LOOK]];
  if (job === undefined || point === undefined || quiet === undefined) throw new Error('the long job was not measured');
  return sumOf([job, ...moves, times(POINTS, point), times(MINUTES - POINTS - moves.length, quiet)]);
};

const times = (count: number, { write_units, read_units, calls }: Consumption): Consumption => ({
  write_units: count * write_units,
  read_units: count * read_units,
  calls: count * calls,
});

const transitionsOf = ({ jobs }: TrainingUnits, name: string) => jobs[name]?.transitions ?? Number.POSITIVE_INFINITY;

/** Units of the table and transitions of the state machine per training job, dataset and move of an alias. Checks bench/training-units.json in. */
export const training: Section = {
  id: 'training',
  title: 'Units and transitions of fine-tuning',
  comparedTo: [
    'Counted as above, over the real definition of the machine. Jobs are simulated ones on a dataset of 500 samples; those with replayed pairs',
    'let held-out work be done once more by two models. Figures of jobs are those of their requests, states and events; the looks of the clock',
    'come on top, one per minute: nearly always nothing is new, a hundred times at the most there is a new point of the curve, and some move',
    'the job. A replayed pair is two sessions, whose own cost is above and not counted here: what is, is making',
    `them and hearing of their end. Limits: ${TRANSITIONS_LIMIT} transitions of a job that comes to its model, however long it trains.`,
  ].join(' '),
  repeat: 'npm run bench -- training',
  isLong: false,
  async measure() {
    const dynamo = await startDynamo();
    try {
      const measured = await measureTraining(dynamo);
      trainingUnitTable.write(measured);
      const dataset = await measureDataset(dynamo, SESSIONS);
      return {
        columns: ['operation', 'write units', 'read units', 'calls of the table', 'transitions'],
        rows: [
          ...Object.entries({ ...measured.operations, ...dataset, ...measured.jobs }).map(([name, one]) =>
            row(name, one),
          ),
          row('one more replayed pair', perPair(measured)),
          row('job, trains for five days, with a look every minute', wholeLongJob(measured)),
        ],
        beyond: beyondLimits([
          { name: 'transitions of a job', value: transitionsOf(measured, A_MINUTE), limit: TRANSITIONS_LIMIT },
          {
            name: 'transitions of a job that trains for five days',
            value: transitionsOf(measured, FIVE_DAYS),
            limit: transitionsOf(measured, A_MINUTE),
          },
          {
            name: 'transitions of a job with three replayed pairs',
            value: transitionsOf(measured, THREE_PAIRS),
            limit: transitionsOf(measured, ONE_PAIR),
          },
        ]),
      };
    } finally {
      await dynamo.stop();
    }
  },
};
