import type { Actor, EventInternals } from '#domain/event';
import type { Session } from './session.ts';
import { move, type SessionChange } from './transition.ts';

/**
 * Aborts a session at once; its execution is stopped by the event's consumer.
 * @throws InvalidTransition when the session has ended otherwise
 */
export const cancelSession = (
  session: Session,
  {
    actor,
    detail,
    at,
    wake = [],
    freesUnit = false,
  }: {
    actor: Actor;
    detail?: string | undefined;
    at: string;
    wake?: readonly string[];
    /** Whether a unit was kept for its work that nobody had claimed. */
    freesUnit?: boolean;
  },
): SessionChange => {
  const started = session.run > 0;
  const internal: EventInternals = {
    consumers: [
      ...(started ? (['stop-execution'] as const) : []),
      ...(wake.length > 0 ? (['wake'] as const) : []),
      ...(freesUnit ? (['place-work'] as const) : []),
    ],
    ...(started ? { run: { sessionId: session.id, number: session.run } } : {}),
    ...(wake.length > 0 ? { wake } : {}),
  };
  return move(session, { to: 'cancelled', at, actor, reason: 'requested', detail, internal });
};
