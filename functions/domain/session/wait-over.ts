import { type Assignment, isOpen } from '#domain/assignment/assignment';
import type { Holder } from '#domain/gate/gate';
import type { Session } from './session.ts';
import { isUnderWay } from './status.ts';

/** Whether a session that waits for a slot need not wait any longer: it has one, or it is not queued by this run any more. */
export const isSlotWaitOver = (session: Session, run: number, holder: Holder | undefined): boolean =>
  session.run !== run || session.status !== 'queued' || holder !== undefined;

/** Whether a session that waits for its agent need not wait any longer. */
export const isAgentWaitOver = (session: Session, run: number, assignment: Assignment | undefined): boolean =>
  session.run !== run || !isUnderWay(session.status) || (assignment !== undefined && !isOpen(assignment));
