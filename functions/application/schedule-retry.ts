import { backOffLeft, backOffLive, type SessionLive } from '#domain/session/live';
import { judge } from '#domain/session/outcome';
import { backOffSeconds, isRetriedAutomatically, retryAttempt } from '#domain/session/retry-attempt';
import { isUnderWay } from '#domain/session/status';
import { backOff } from '#domain/session/wait';
import type { StepInput } from './await-slot.ts';
import { sessionWrites } from './change-writes.ts';
import { readOpenSession } from './end-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

const SECOND_MS = 1000;

/**
 * Schedule Retry: ends the failed attempt and counts the next one; the session keeps its slot. Answers the whole seconds to wait,
 * also when the retry was scheduled before, by a driver that is lost since; 0 when there is nothing to wait for.
 */
export const makeScheduleRetry = ({
  store,
  clock,
  ids,
  chance,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
  /** Uniform in 0 … 1. */
  chance: () => number;
}) => {
  /** A later run sleeps out the pause of the one before it, and counts as lost no earlier than that one would have. */
  const sleepOn = async (step: StepInput, live: SessionLive, now: number): Promise<number> => {
    const left = backOffLeft(live, now);
    const seen = await store.findWait(step.sessionId);
    if (left > 0 && seen?.run === step.run && seen.state === 'on-the-way')
      await store.replaceWait(seen, backOff(step, Date.parse(live.backOffUntil as string)));
    return left;
  };

  const decide = async ({ sessionId, run }: StepInput): Promise<number> => {
    const { session, live, assignment } = await readOpenSession(store, sessionId);
    if (session.run !== run || !isUnderWay(session.status) || live === undefined) return 0;
    const now = clock.now();
    if (live.backOffUntil !== undefined) return sleepOn({ sessionId, run }, live, now);
    const [input, result, begun] = await Promise.all([
      store.findInput(sessionId),
      store.findResult(sessionId, session.attempt),
      store.findAttempt(sessionId, session.attempt),
    ]);
    const outcome = assignment && judge(input?.workspace, assignment, result);
    if (!outcome || !begun || !isRetriedAutomatically(session, outcome)) return 0;
    const seconds = backOffSeconds(session.attempt + 1, chance());
    const until = now + seconds * SECOND_MS;
    const { change, ended } = retryAttempt(session, { begun, live }, outcome, new Date(now).toISOString());
    await store.commit([
      ...sessionWrites(change, ids),
      { kind: 'attempt', sessionId, attempt: ended },
      { kind: 'session-live', before: live, after: backOffLive(live, until) },
      { kind: 'wait', wait: backOff({ sessionId, run }, until) },
    ]);
    return seconds;
  };
  return (input: StepInput): Promise<number> => retryConflict(clock, () => decide(input));
};
