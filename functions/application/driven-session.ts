import { NotFound } from '#domain/errors';
import type { Session } from '#domain/session/session';
import type { SessionStore } from './ports/tenant-store.ts';

/**
 * A session for whoever drives it. One that was deleted after its end is there, too: its driver must learn that it has ended.
 * @throws NotFound
 */
export const drivenSession = async (store: Pick<SessionStore, 'findSession'>, sessionId: string): Promise<Session> => {
  const session = await store.findSession(sessionId);
  if (session === undefined) throw new NotFound('session');
  return session;
};
