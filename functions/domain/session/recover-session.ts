import type { Assignment } from '#domain/assignment/assignment';
import type { Session } from './session.ts';
import { record, type SessionChange } from './transition.ts';

/** Recoveries in a row without a sign of life of an agent in between. */
export const MAX_RECOVERIES = 3;

/** Differs whenever an agent has got on with the session in between. */
export const progressMark = (assignment: Assignment | undefined): string =>
  assignment?.agentId === undefined
    ? 'none'
    : [assignment.id, assignment.fencingToken, assignment.lastEventSeq, assignment.leaseUntil].join('#');

/**
 * Gives a session whose driver was lost to the next run. Status, slot and work stay as they are: the new driver looks at them.
 * Undefined when the session was recovered too often without progress.
 */
export const recoverSession = (session: Session, mark: string, at: string): SessionChange | undefined => {
  const before = session.recovery?.mark === mark ? session.recovery.count : 0;
  if (before >= MAX_RECOVERIES) return undefined;
  const run = session.run + 1;
  const next: Session = { ...session, run, statusReason: 'recovered', recovery: { count: before + 1, mark } };
  const payload = { status: session.status, reason: 'recovered', run };
  const internal = { consumers: ['start-execution' as const], run: { sessionId: session.id, number: run } };
  return { before: session, ...record(next, [{ type: 'session.updated', payload, internal }], at) };
};
