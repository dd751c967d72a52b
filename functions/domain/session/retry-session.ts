import type { CheckpointRef } from '#domain/checkpoint/checkpoint';
import { DomainError } from '#domain/errors';
import type { Actor } from '#domain/event';
import { InvalidTransition } from './invalid-transition.ts';
import type { Session } from './session.ts';
import { isRetryStatus } from './status.ts';
import { move, type SessionChange } from './transition.ts';

/** However much it is forced. */
export const ATTEMPTS_LIMIT = 20;

/** No attempt is left. */
export class NotRetryable extends DomainError {
  readonly code = 'NOT_RETRYABLE';
  override readonly extras: { attempts: number; reason: string };

  constructor(attempts: number) {
    super(`the session has used ${attempts} attempts`);
    this.extras = { attempts, reason: 'attempts_exhausted' };
  }
}

export interface RetryChoice {
  readonly actor: Actor;
  readonly at: string;
  /** One attempt more than the session was given. */
  readonly force: boolean;
  /** The checkpoint to begin from; without it the one restored, or else the latest. */
  readonly checkpoint?: CheckpointRef | undefined;
  readonly fromScratch: boolean;
}

/**
 * A session that has ended without success waits to be started once more. Working time and end begin anew; what was used stays.
 * @throws InvalidTransition unless its status admits a retry
 * @throws NotRetryable when no attempt is left
 */
export const retrySession = (
  session: Session,
  { actor, at, force, checkpoint, fromScratch }: RetryChoice,
): SessionChange => {
  if (!isRetryStatus(session.status)) throw new InvalidTransition(session.status, 'pending');
  const attempt = session.attempt + 1;
  const maxAttempts = force ? Math.min(ATTEMPTS_LIMIT, Math.max(session.maxAttempts, attempt)) : session.maxAttempts;
  if (attempt > maxAttempts) throw new NotRetryable(session.attempt);
  return move(session, {
    to: 'pending',
    at,
    actor,
    reason: 'requested',
    set: {
      attempt,
      maxAttempts,
      endedAt: undefined,
      recovery: undefined,
      ...(fromScratch ? { fromScratch: true, resumeCheckpoint: undefined } : {}),
      ...(checkpoint ? { resumeCheckpoint: checkpoint } : {}),
    },
  });
};
