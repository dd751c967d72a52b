import { OperationNotAllowed } from './operation-not-allowed.ts';
import type { Session } from './session.ts';
import { isDeletable } from './status.ts';
import { record, type SessionChange } from './transition.ts';

const KEPT_MS = 90 * 24 * 3600 * 1000;

/** When a deleted session is erased: 90 days in which a lead can still look at it. */
export const erasureTime = (deletedAt: string): string => new Date(Date.parse(deletedAt) + KEPT_MS).toISOString();

/** Whether nobody may look at a session any more. */
export const isToErase = ({ deletedAt }: Pick<Session, 'deletedAt'>, now: number): boolean =>
  deletedAt !== undefined && Date.parse(erasureTime(deletedAt)) <= now;

/**
 * Takes a session out of sight. Its parts stay until it is erased.
 * @throws OperationNotAllowed while something works on it or waits for it
 */
export const deleteSession = (session: Session, at: string): SessionChange => {
  if (!isDeletable(session.status)) throw new OperationNotAllowed(session.status, 'cannot be deleted; cancel it first');
  return { before: session, ...record({ ...session, deletedAt: at }, [{ type: 'session.deleted' }], at) };
};
