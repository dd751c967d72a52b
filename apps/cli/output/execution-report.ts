import type { RecordedExecution } from '#apps/cli/executions/execution-log';
import type { PassedState } from '#apps/cli/executions/passed-states';
import { duration } from './quantities.ts';
import { fields, table } from './table.ts';

const clock = (time: string) => new Date(time).toLocaleTimeString('en-GB');

const spent = ({ enteredAt, leftAt }: PassedState, now: number) => {
  const span = duration((leftAt === undefined ? now : Date.parse(leftAt)) - Date.parse(enteredAt));
  return leftAt === undefined ? `${span} so far` : span;
};

/** An execution for people: what it is, each state it passed, and where it stands or why it ended. */
export const executionReport = (
  execution: RecordedExecution,
  states: readonly PassedState[],
  { now, width }: { now: number; width: number | undefined },
): string =>
  [
    fields([
      ['execution', execution.name],
      ['status', execution.status.toLowerCase().replace('_', ' ')],
      ['stands in', execution.endedAt === undefined ? states.at(-1)?.name : undefined],
      ['started', execution.startedAt],
      ['ended', execution.endedAt],
      ['error', execution.error],
      ['cause', execution.cause],
    ]),
    table(
      [
        { title: 'STATE', of: ({ name }) => name },
        { title: 'ENTERED', of: ({ enteredAt }) => clock(enteredAt) },
        { title: 'TIME', of: (state) => spent(state, now), align: 'right' },
        { title: 'TRIES', of: ({ tries }) => String(tries), align: 'right' },
        { title: 'FAILED WITH', of: ({ errors }) => errors.join(', ') },
      ],
      states,
      width,
    ),
  ].join('\n\n');
