import { OperationNotAllowed } from './operation-not-allowed.ts';
import type { Session } from './session.ts';
import { isDeletable } from './status.ts';
import { record, type SessionChange } from './transition.ts';

/**
 * Takes a session out of sight. Its parts stay until it is erased.
 * @throws OperationNotAllowed while something works on it or waits for it
 */
export const deleteSession = (session: Session, at: string): SessionChange => {
  if (!isDeletable(session.status)) throw new OperationNotAllowed(session.status, 'cannot be deleted; cancel it first');
  return { before: session, ...record({ ...session, deletedAt: at }, [{ type: 'session.deleted' }], at) };
};
