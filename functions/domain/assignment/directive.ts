import type { Assignment, Cancellation } from './assignment.ts';

/** What an agent is told beside the answer to its call. */
export type Directive =
  | {
      readonly type: 'cancel';
      readonly assignmentId: string;
      readonly reason: string;
      readonly deadlineAt: string;
    }
  | { readonly type: 'rotate_token'; readonly deadlineAt: string };

const SECOND_MS = 1000;
const TIME_TO_ABORT_MS = 30 * SECOND_MS;
const REPEATED_MS = 24 * 3600 * SECOND_MS;

/** What closing an assignment because its session has ended leaves for the agent to hear; nothing when none had it. */
export const callOff = (
  { agentId }: Assignment,
  now: number,
  reason = 'the session was cancelled',
): { cancellation?: Cancellation } =>
  agentId === undefined ? {} : { cancellation: { reason, deadlineAt: new Date(now + TIME_TO_ABORT_MS).toISOString() } };

/** What the agent of an assignment must still be told: repeated until its result acknowledged it, or for 24 hours. */
export const directivesOf = (assignment: Assignment, now: number): readonly Directive[] => {
  const { id, cancellation, resultDigest, endedAt } = assignment;
  if (cancellation === undefined || resultDigest !== undefined || endedAt === undefined) return [];
  if (now >= Date.parse(endedAt) + REPEATED_MS) return [];
  return [{ type: 'cancel', assignmentId: id, ...cancellation }];
};

/**
 * Whether the agent of a called-off assignment is still given time to hear of it and to say that it has stopped.
 * Later its calls are refused like those for any closed assignment.
 */
export const mayAcknowledge = (assignment: Assignment, fencingToken: number, now: number): boolean =>
  fencingToken === assignment.fencingToken &&
  directivesOf(assignment, now).some(({ deadlineAt }) => now < Date.parse(deadlineAt));
