import { beginFrom } from '#domain/checkpoint/work-from';
import type { Attempt, Session } from './session.ts';
import { move, type SessionChange } from './transition.ts';

const SECOND_MS = 1000;

const queuedSeconds = ({ queuedSeconds: before = 0, queuePlace }: Session, at: string): number =>
  before + (queuePlace ? (Date.parse(at) - Date.parse(queuePlace.since)) / SECOND_MS : 0);

/**
 * The attempt of a session that holds a slot begins.
 * @throws InvalidTransition unless the session is queued
 */
export const beginAttempt = (session: Session, at: string): { change: SessionChange; attempt: Attempt } => {
  const checkpoint = beginFrom(session);
  return {
    change: move(session, {
      to: 'running',
      at,
      actor: { kind: 'system' },
      set: {
        startedAt: session.startedAt ?? at,
        queuedSeconds: queuedSeconds(session, at),
        ...checkpoint,
      },
    }),
    attempt: attemptOf(session, { at, automatic: false, fromCheckpoint: checkpoint.workCheckpoint?.sequence }),
  };
};

/** The attempt that a session is at, as it begins. */
export const attemptOf = (
  { attempt, run }: Session,
  { at, ...how }: Pick<Attempt, 'automatic' | 'fromCheckpoint'> & { readonly at: string },
): Attempt => ({ attempt, run, startedAt: at, ...how });
