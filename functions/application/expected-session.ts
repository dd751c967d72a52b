import { PreconditionFailed } from '#domain/errors';
import type { Session } from '#domain/session/session';
import type { SessionStore } from './ports/tenant-store.ts';

/**
 * A session in the version that the client expects; any without one.
 * @throws NotFound, PreconditionFailed
 */
export const expectedSession = async (
  store: SessionStore,
  { sessionId, ifVersion }: { readonly sessionId: string; readonly ifVersion?: number | undefined },
): Promise<Session> => {
  const session = await store.getSession(sessionId);
  if (ifVersion !== undefined && ifVersion !== session.version) throw new PreconditionFailed(session.version);
  return session;
};
