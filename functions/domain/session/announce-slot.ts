import type { Session } from './session.ts';
import { record, type SessionChange } from './transition.ts';

/** A session that was let in when its gate was mended: nobody else's event tells its driver that the wait is over. */
export const announceSlot = (session: Session, at: string): SessionChange => ({
  before: session,
  ...record(
    session,
    [
      {
        type: 'session.updated',
        payload: { changed: ['queue'] },
        internal: { consumers: ['wake'], wake: [session.id] },
      },
    ],
    at,
  ),
});
