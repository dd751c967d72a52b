import type { HistoryEvent, RecordedExecution } from './execution-log.ts';

/** A state that an execution has entered. */
export interface PassedState {
  readonly name: string;
  readonly enteredAt: string;
  /** Absent while the execution stands there. */
  readonly leftAt?: string | undefined;
  /** How often its function was asked; 1 for a state without function. */
  readonly tries: number;
  /** The errors of the tries that failed, in order. */
  readonly errors: readonly string[];
}

const FAILED_TRY = /^(Task|LambdaFunction)(Failed|TimedOut|StartFailed|SubmitFailed|ScheduleFailed)$/;

/** The events of each state, the one that enters it first. */
const byState = (events: readonly HistoryEvent[]): HistoryEvent[][] => {
  const groups: HistoryEvent[][] = [];
  for (const event of events) {
    if (event.type.endsWith('StateEntered')) groups.push([event]);
    else groups.at(-1)?.push(event);
  }
  return groups;
};

/** The states of an execution in the order it entered them. What has ended leaves its last state at its end. */
export const passedStates = ({ events, endedAt }: RecordedExecution): PassedState[] =>
  byState(events).map((own, index, all) => {
    const exit = own.find(({ type }) => type.endsWith('StateExited'));
    return {
      name: own[0]?.state ?? '',
      enteredAt: own[0]?.at ?? '',
      leftAt: exit?.at ?? all[index + 1]?.[0]?.at ?? endedAt,
      tries: Math.max(1, own.filter(({ type }) => type === 'TaskScheduled').length),
      errors: own.filter(({ type }) => FAILED_TRY.test(type)).map(({ type, error }) => error ?? type),
    };
  });
