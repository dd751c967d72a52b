import { beginFrom } from '#domain/checkpoint/work-from';
import { figuresAt } from './attempt-figures.ts';
import type { SessionLive } from './live.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, AutoRetry, Session } from './session.ts';
import { record, type SessionChange } from './transition.ts';

/** Failures that another attempt may well not meet again. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'AGENT_TIMEOUT',
  'AGENT_REJECTED',
  'INVALID_AGENT_RESPONSE',
  'UPSTREAM_ERROR',
  'SERVICE_UNAVAILABLE',
]);

/** Nobody took the work: asking again at once would not find anybody either. */
const NEVER_AUTOMATIC: ReadonlySet<string> = new Set(['AGENT_UNAVAILABLE']);

const admits = (autoRetry: AutoRetry, code: string): boolean => {
  if (autoRetry === 'never' || NEVER_AUTOMATIC.has(code)) return false;
  return autoRetry === 'always' || TRANSIENT.has(code);
};

/** Whether the failed attempt is followed by another one without anybody asking. */
export const isRetriedAutomatically = (
  { attempt, maxAttempts, autoRetry }: Session,
  { status, error }: Pick<Outcome, 'status' | 'error'>,
): boolean =>
  status === 'failed' && attempt < maxAttempts && error?.retryable === true && admits(autoRetry, error.code);

const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 300;
const SPREAD = 0.4;

/** Whole seconds before attempt `n` (≥ 2): 30 × 2^(n−2), at most 300, times 0.8 to 1.2 as `chance` runs from 0 to 1. */
export const backOffSeconds = (n: number, chance: number): number =>
  Math.round(Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (n - 2)) * (1 - SPREAD / 2 + SPREAD * chance));

/** The attempt as it ended, and the session on its way to the next one: still running, its slot kept. */
export const retryAttempt = (
  session: Session,
  { begun, live }: { readonly begun: Attempt; readonly live: SessionLive },
  outcome: Outcome,
  at: string,
): { change: SessionChange; ended: Attempt } => {
  const error = outcome.error && { ...outcome.error, at };
  const attempt = session.attempt + 1;
  const payload = { attempt, activity: 'backing_off', error };
  const next: Session = { ...session, ...beginFrom(session), attempt, error };
  return {
    change: { before: session, ...record(next, [{ type: 'session.updated', payload }], at) },
    ended: endedAttempt(begun, live, outcome, at),
  };
};

/** An attempt with how it ended and what it came to. */
export const endedAttempt = (
  begun: Attempt,
  live: SessionLive | undefined,
  outcome: Pick<Outcome, 'status' | 'error' | 'successRate'>,
  at: string,
): Attempt => ({
  ...begun,
  ...figuresAt(begun, live, Date.parse(at)),
  endedAt: at,
  outcome: outcome.status,
  error: outcome.error && { ...outcome.error, at },
  successRate: outcome.successRate,
});
