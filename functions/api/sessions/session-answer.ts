import type { TenantStore } from '#application/ports/tenant-store';
import { readSession, viewSession } from '#application/session-view';
import { toWire } from '#contracts/wire-case';

type Session = Parameters<typeof viewSession>[0]['session'];

/** Answers an operation on a session with the session after it; what stands beside it is as it was before. @throws NotFound */
export const sessionAnswer = async (store: TenantStore, sessionId: string, now: () => number) => {
  const state = await readSession(store, sessionId);
  return (session: Session) => ({ body: toWire(viewSession({ ...state, session }, now())) });
};
