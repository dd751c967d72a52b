import type { Actor } from '#domain/event';
import type { QueuePlace, Session } from './session.ts';
import { move, type SessionChange } from './transition.ts';

/**
 * Queues a pending session and asks for the execution that will drive it.
 * @throws InvalidTransition unless the session is pending
 */
export const startSession = (session: Session, place: QueuePlace, actor: Actor, at: string): SessionChange => {
  const run = session.run + 1;
  return move(session, {
    to: 'queued',
    at,
    actor,
    reason: 'requested',
    set: { run, queuePlace: place },
    internal: { consumers: ['start-execution'], run: { sessionId: session.id, number: run } },
  });
};
