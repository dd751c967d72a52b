import { expect, it } from 'vitest';
import type { HistoryEvent } from '#apps/cli/executions/execution-log';
import { passedStates } from '#apps/cli/executions/passed-states';

const at = (second: number) => `2026-05-01T12:00:${String(second).padStart(2, '0')}.000Z`;
const event = (second: number, type: string, fields: Partial<HistoryEvent> = {}) => ({
  type,
  at: at(second),
  ...fields,
});
const statesOf = (events: HistoryEvent[], endedAt?: string) =>
  passedStates({ name: 'T-S-1', status: 'any', startedAt: at(0), endedAt, events });

it('a state lasts from its entry to its exit', () => {
  const events = [
    event(0, 'ExecutionStarted'),
    event(1, 'PassStateEntered', { state: 'Accept Session' }),
    event(2, 'PassStateExited', { state: 'Accept Session' }),
    event(2, 'TaskStateEntered', { state: 'Claim Slot' }),
    event(3, 'TaskScheduled'),
  ];
  expect(statesOf(events)).toEqual([
    { name: 'Accept Session', enteredAt: at(1), leftAt: at(2), tries: 1, errors: [] },
    { name: 'Claim Slot', enteredAt: at(2), leftAt: undefined, tries: 1, errors: [] },
  ]);
});

it('a task tells its tries and what each failed with', () => {
  const events = [
    event(1, 'TaskStateEntered', { state: 'Begin Attempt' }),
    event(1, 'TaskScheduled'),
    event(2, 'TaskFailed', { error: 'Lambda.Unknown' }),
    event(3, 'TaskScheduled'),
    event(4, 'TaskTimedOut', { error: 'States.Timeout' }),
    event(5, 'TaskScheduled'),
    event(6, 'TaskSucceeded'),
    event(6, 'TaskStateExited', { state: 'Begin Attempt' }),
  ];
  expect(statesOf(events)).toMatchObject([{ tries: 3, errors: ['Lambda.Unknown', 'States.Timeout'], leftAt: at(6) }]);
});

it('a state without an exit ends with the next one, the last one with the execution', () => {
  const events = [
    event(1, 'TaskStateEntered', { state: 'Run On Agent' }),
    event(1, 'TaskScheduled'),
    event(4, 'TaskSubmitFailed'),
    event(5, 'FailStateEntered', { state: 'Session Did Not Complete' }),
  ];
  expect(statesOf(events, at(6))).toMatchObject([{ leftAt: at(5), errors: ['TaskSubmitFailed'] }, { leftAt: at(6) }]);
});

it('an execution that has entered nothing has passed nothing', () => {
  expect(statesOf([event(0, 'ExecutionStarted')], at(1))).toEqual([]);
});
