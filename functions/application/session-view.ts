import { checkpointCount } from '#domain/checkpoint/rotation';
import { NotFound } from '#domain/errors';
import { allowedOperations, healthScore, isHealthy, isRetryable } from '#domain/session/health';
import { activeSecondsAt, noUsage, type SessionLive, type UsageTotals } from '#domain/session/live';
import type { Session, SessionInput } from '#domain/session/session';
import { isUnderWay } from '#domain/session/status';
import { queueExpiry } from '#domain/session/wait';
import type { SessionStore } from './ports/tenant-store.ts';

/** All that is stored of a session and shown of it. */
export interface SessionState {
  readonly session: Session;
  readonly input: SessionInput;
  readonly live: SessionLive | undefined;
}

/** Reads a session with what stands beside it. A deleted one only when asked for. @throws NotFound */
export const readSession = async (
  store: SessionStore,
  sessionId: string,
  { includeDeleted = false } = {},
): Promise<SessionState> => {
  const [session, input, live] = await Promise.all([
    includeDeleted ? store.findSession(sessionId) : store.getSession(sessionId),
    store.findInput(sessionId),
    store.findLive(sessionId),
  ]);
  if (session === undefined || input === undefined) throw new NotFound('session');
  return { session, input, live };
};

const usageOf = (live: SessionLive | undefined) => live?.usage ?? noUsage;

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;
const MILLISECONDS = 3;
const MICRODOLLARS = 6;

/** Working time. A clock that still ran when the session ended stopped then. */
const activeSeconds = (session: Session, live: SessionLive | undefined, now: number): number =>
  live ? round(activeSecondsAt(live, session.endedAt ? Date.parse(session.endedAt) : now), MILLISECONDS) : 0;

const tokensUsed = ({ inputTokens, outputTokens, reasoningTokens }: UsageTotals) =>
  inputTokens + outputTokens + reasoningTokens;

/** What is known of the work: all of it while it is under way, and afterwards who did it. */
const work = ({ status }: Session, live: SessionLive | undefined) => {
  if (live === undefined) return {};
  const { agentId, assignmentId, progress, activity, deadlineAt } = live;
  return { agentId, assignmentId, progress, ...(isUnderWay(status) ? { activity, deadlineAt } : {}) };
};

const head = (session: Session, live: SessionLive | undefined, now: number) => {
  const active = activeSeconds(session, live, now);
  const { apiCalls, apiErrors } = usageOf(live);
  const isQueued = session.status === 'queued' && session.queuePlace !== undefined;
  return {
    ...session,
    ...work(session, live),
    activeSeconds: active,
    remainingSeconds: round(Math.max(0, session.maxDurationSeconds - active), MILLISECONDS),
    ...(isQueued
      ? {
          queue: { waitingSince: session.queuePlace?.since, expiresAt: queueExpiry(session), reason: 'slot' },
        }
      : {}),
    healthScore: healthScore(session, active),
    isHealthy: isHealthy(apiCalls, apiErrors),
    isRetryable: isRetryable(session),
    checkpointCount: checkpointCount(session),
    allowedOperations: allowedOperations(session),
  };
};

const metrics = (session: Session, live: SessionLive | undefined, now: number) => {
  const { apiCalls, apiErrors, ...usage } = usageOf(live);
  const { createdAt, endedAt, queuedSeconds } = session;
  return {
    ...usage,
    costUsd: round(usage.costUsd, MICRODOLLARS),
    tokensUsed: tokensUsed(usageOf(live)),
    apiCallsCount: apiCalls,
    apiErrorsCount: apiErrors,
    ...(queuedSeconds === undefined ? {} : { queueDurationSeconds: queuedSeconds }),
    executionDurationSeconds: activeSeconds(session, live, now),
    ...(endedAt ? { totalDurationSeconds: (Date.parse(endedAt) - Date.parse(createdAt)) / 1000 } : {}),
  };
};

/** A session with everything computed of it at `now` (milliseconds). */
export const viewSession = ({ session, input, live }: SessionState, now: number) => ({
  ...head(session, live, now),
  ...input,
  metrics: metrics(session, live, now),
});

/** A session as a list shows it. */
export const viewSessionItem = ({ session, live }: Pick<SessionState, 'session' | 'live'>, now: number) => ({
  ...head(session, live, now),
  tokensUsed: tokensUsed(usageOf(live)),
  costUsd: round(usageOf(live).costUsd, MICRODOLLARS),
});
