import type { Session } from './session.ts';
import { record, type SessionChange } from './transition.ts';

/**
 * Tells the driver of a session that its wait is over where nobody else's event does, or that event was lost. `changed` is what is new
 * in the session since it waits.
 */
export const announceWake = (session: Session, changed: 'queue' | 'activity', at: string): SessionChange => ({
  before: session,
  ...record(
    session,
    [
      {
        type: 'session.updated',
        payload: { changed: [changed] },
        internal: { consumers: ['wake'], wake: [session.id] },
      },
    ],
    at,
  ),
});
