import type { TenantStore } from '#application/ports/tenant-store';
import { readSession, type SessionState, viewSession } from '#application/session-view';
import { toWire } from '#contracts/wire-case';

type Session = SessionState['session'];

const asBefore = (state: SessionState, session: Session): SessionState => ({ ...state, session });

/** Answers an operation on a session with the session after it; what stands beside it is as it was before, or as told. @throws NotFound */
export const sessionAnswer = async (store: TenantStore, sessionId: string, now: () => number, after = asBefore) => {
  const state = await readSession(store, sessionId);
  return (session: Session) => ({ body: toWire(viewSession(after(state, session), now())) });
};
