import { TICK_MS } from '#application/poll-training-jobs';
import { ASSUMED, type Load, type MeasuredTick, measureTicks, modelTick } from '#bench/fine-tuning/poller';
import { rounded } from '#bench/median';
import { beyondLimits, type Section } from '#bench/section';
import { IDLE, PRICES } from '#lib/prices';
import { startDynamo } from '#test/support/dynamodb';

const JOBS = 1000;
const MANY_JOBS = 3000;
const TENANTS = [1, 10, 100] as const;
const MEMORY_GB = 0.5;
const TICKS_PER_MONTH = IDLE.hoursPerMonth * 60;

const dollarsPerMonth = ({ write_units, read_units }: MeasuredTick, seconds: number): number =>
  TICKS_PER_MONTH *
  (write_units * PRICES.writeUnit +
    read_units * PRICES.readUnit +
    PRICES.lambdaRequest +
    PRICES.scheduleInvocation +
    seconds * MEMORY_GB * PRICES.lambdaGigabyteSecond);

const name = ({ jobs, tenants }: Load) => `${jobs} jobs of ${tenants} tenant${tenants === 1 ? '' : 's'}`;

/** What a tick of the poller costs and takes while many trainings are under way. */
export const poller: Section = {
  id: 'poller',
  title: 'A tick of the poller of trainings',
  comparedTo: [
    `${JOBS} trainings under way, all of them due, are compared in 1, 10 and 100 tenants: a tick at which nothing is new of any, and one at which`,
    'there is a new point of the curve of each. Units are counted as above. How long a tick takes is not measured but modelled: if a call of',
    `the table took ${1000 * ASSUMED.tableSeconds} ms and an answer of the provider ${1000 * ASSUMED.providerSeconds} ms; in turn is the same without looking at ten jobs at a time. No look`,
    `begins after ${TICK_MS / 1000} s, in a function that has 55 s; what is left is due first in the next tick, so that beyond the last row jobs are looked at`,
    'less often than every minute, and none is forgotten. The provider’s own limits of questions per second are not modelled: who meets them',
    'is answered later, and the tick ends earlier. Dollars are those of a month in which it is always like this, with the prices of docs/cost.md.',
  ].join(' '),
  repeat: 'npm run bench -- poller',
  isLong: false,
  async measure() {
    const dynamo = await startDynamo();
    try {
      const modelled = await modelTick({ jobs: JOBS, tenants: 10 });
      const many = await modelTick({ jobs: MANY_JOBS, tenants: 10 });
      const rows: (string | number)[][] = [];
      const perJob: number[] = [];
      for (const tenants of TENANTS) {
        const load = { jobs: JOBS, tenants };
        for (const [what, tick] of Object.entries(await measureTicks(dynamo, load))) {
          const { write_units, read_units, calls, questions } = tick;
          if (what === 'quiet') perJob.push(write_units / JOBS);
          rows.push([
            ...[`${name(load)}, ${what === 'quiet' ? 'nothing new' : 'a new point of each'}`, JOBS],
            ...[write_units, read_units, calls, questions, 1],
            ...['', '', rounded(dollarsPerMonth(tick, modelled.seconds), 0)],
          ]);
        }
      }
      for (const [load, { counts, seconds, inTurn }] of [
        [{ jobs: JOBS, tenants: 10 }, modelled],
        [{ jobs: MANY_JOBS, tenants: 10 }, many],
      ] as const)
        rows.push([
          ...[`${name(load)}, modelled`, counts.checkedCount, '', '', '', '', 1],
          ...[rounded(seconds, 1), rounded(inTurn, 1), ''],
        ]);
      return {
        columns: [
          ...['tick', 'jobs looked at', 'write units', 'read units', 'calls of the table', 'questions'],
          ...['executions', 'seconds', 'in turn', '$ a month'],
        ],
        rows,
        beyond: beyondLimits([
          { name: 'write units per job of which nothing is new', value: Math.max(...perJob), limit: 3 },
          { name: 'seconds of a tick', value: modelled.seconds, limit: TICK_MS / 1000 },
        ]),
      };
    } finally {
      await dynamo.stop();
    }
  },
};
