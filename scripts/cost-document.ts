import type { IdleMonth } from '#lib/idle-month';
import { IDLE, PRICES, PRICES_READ } from '#lib/prices';

/** What an idle month may cost, in US dollars. */
export const GATES = { withoutAlarms: 3, withAlarms: 10 } as const;

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

/** A month of an agent that asks for work all the time and never gets any: two executions per request, of 10 ms and 512 MB. */
const waitingAgent = (pollSeconds: number) => {
  const requests = (IDLE.hoursPerMonth * 3600) / pollSeconds;
  const executions = 2 * (PRICES.lambdaRequest + PRICES.lambdaGigabyteSecond * 0.01 * 0.5);
  return requests * (PRICES.httpRequest + executions + 3 * PRICES.readUnit);
};

export interface IdleMonths {
  readonly withoutAlarms: IdleMonth;
  readonly withAlarms: IdleMonth;
}

/** The text of docs/cost.md. */
export const costDocument = ({ withoutAlarms, withAlarms }: IdleMonths): string =>
  [
    '# What it costs',
    '',
    `Computed from the synthesized templates of a stage, with list prices of us-east-1 as read on ${PRICES_READ} (\`lib/prices.ts\`) and without any free`,
    'allowance. A test compares this page with the templates; `npx vitest run test/scripts/cost-document.test.ts -u` writes it anew.',
    '',
    '## A month in which nobody uses it',
    '',
    '| what | number | per month |',
    '|---|---:|---:|',
    ...withAlarms.items.map(({ what, count, dollars: amount }) => `| ${what} | ${count} | ${dollars(amount)} |`),
    `| **together** | | **${dollars(withAlarms.dollars)}** (gate: below ${dollars(GATES.withAlarms)}) |`,
    `| **with \`-c alarms=off\`** | | **${dollars(withoutAlarms.dollars)}** (gate: below ${dollars(GATES.withoutAlarms)}) |`,
    '',
    'An alarm costs by the metric: one over two metrics costs twice. That is why the functions behind the API share an alarm for their latency.',
    `A queue that feeds a function is polled by Lambda all the time: ${IDLE.pollersPerQueue} long polls of ${IDLE.secondsPerPoll} s. A key that has been rotated costs $1 more per month, twice at the most.`,
    'Of the allowances that every account has, those for alarms, requests to queues and executions cover about $1.50 of it.',
    '',
    '## What use adds',
    '',
    '| what | price |',
    '|---|---:|',
    `| 1,000 plain sessions: at most 12 transitions and 100 write units each | ${dollars(1000 * (12 * PRICES.transition + 100 * PRICES.writeUnit))} |`,
    `| the same with a transcript each: at most 115 write units | ${dollars(1000 * (12 * PRICES.transition + 115 * PRICES.writeUnit))} |`,
    `| an agent that waits for work, asking every 2 s, per month | ${dollars(waitingAgent(2))} |`,
    `| the same, asking every 10 s (\`-c agent_poll_seconds=10\`) | ${dollars(waitingAgent(10))} |`,
    `| a million requests to the API, without what they execute | ${dollars(1_000_000 * PRICES.httpRequest)} |`,
    `| a GB of items, and of them in the point-in-time backup, per month | ${dollars(PRICES.tableGigabyteMonth + PRICES.backupGigabyteMonth)} |`,
    '',
    'A session that waits for a slot or an agent costs nothing while it waits. Models are not in here: the runner pays for them with its own key.',
    '',
  ].join('\n');
