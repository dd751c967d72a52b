import type { EventInternals } from '#domain/event';
import type { Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import { move, type NewFact, type SessionChange } from './transition.ts';

const SHOWN_TEXT = 500;

const ending = (
  session: Session,
  outcome: Outcome,
  extras: { activeSeconds: number; summary?: string | undefined },
): NewFact[] => {
  const { status, error, successRate } = outcome;
  if (status === 'completed' || status === 'partially_completed') {
    const payload = {
      attempt: session.attempt,
      ...(successRate === undefined ? {} : { success_rate: successRate }),
      execution_duration_seconds: extras.activeSeconds,
      partial: status === 'partially_completed',
      ...(extras.summary ? { summary: extras.summary.slice(0, SHOWN_TEXT) } : {}),
    };
    return [{ type: 'session.completed', payload }];
  }
  if (status !== 'failed' && status !== 'timeout') return [];
  const payload = {
    attempt: session.attempt,
    error_type: error?.type,
    error_code: error?.code,
    error_message: error?.message.slice(0, SHOWN_TEXT),
    retryable: error?.retryable ?? false,
  };
  return [{ type: 'session.failed', payload }];
};

const heardBy = (
  { evaluates }: Session,
  { wake, freesUnit = false }: { wake: readonly string[]; freesUnit?: boolean },
): EventInternals => {
  const consumers = [
    ...(wake.length > 0 ? (['wake'] as const) : []),
    ...(freesUnit ? (['place-work'] as const) : []),
    // the end of each session of an evaluation is the beginning of the next one
    ...(evaluates ? (['poll-training'] as const) : []),
  ];
  return consumers.length === 0 ? {} : { consumers, wake, ...(evaluates ? { training: evaluates } : {}) };
};

/**
 * Ends a session with the judged outcome of its attempt.
 * @throws InvalidTransition when the session is not under way any more
 */
export const recordOutcome = (
  session: Session,
  outcome: Outcome,
  context: {
    at: string;
    wake: readonly string[];
    activeSeconds: number;
    summary?: string | undefined;
    /** Whether a unit was kept for its work that nobody had claimed. */
    freesUnit?: boolean;
  },
): SessionChange =>
  move(session, {
    to: outcome.status,
    at: context.at,
    actor: { kind: 'system' },
    reason: outcome.reason,
    set: {
      error: outcome.error ? { ...outcome.error, at: context.at } : undefined,
      successRate: outcome.successRate,
      successSource: outcome.successRate === undefined ? undefined : 'verification',
    },
    internal: heardBy(session, context),
    followedBy: ending(session, outcome, context),
  });
