import type { TenantStore } from '#application/ports/tenant-store';
import { toWire } from '#contracts/wire-case';
import { allowedOperations, healthScore, isHealthy, isRetryable } from '#domain/session/health';
import { activeSecondsAt, noUsage, type SessionLive } from '#domain/session/live';
import type { Session, SessionInput } from '#domain/session/session';

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;
const seconds = (value: number) => round(value, 3);
const between = (from: string, to: string) => seconds((Date.parse(to) - Date.parse(from)) / 1000);

/** The part of a session that lists show, too. */
const head = (session: Session, live: SessionLive | undefined, now: number): Record<string, unknown> => {
  const active = live ? activeSecondsAt(live, now) : 0;
  const usage = live?.usage ?? noUsage;
  const isQueued = session.status === 'queued' && session.queuePlace !== undefined;
  const {
    lastLogSeq: _log,
    usage: _usage,
    revision: _revision,
    clockStartedAt: _clock,
    sessionId: _id,
    attempt: _attempt,
    ...shown
  } = live ?? {};
  return {
    ...session,
    ...(session.status === 'running' || session.status === 'degraded'
      ? shown
      : { agentId: live?.agentId, assignmentId: live?.assignmentId, progress: live?.progress }),
    activeSeconds: seconds(active),
    remainingSeconds: seconds(Math.max(0, session.maxDurationSeconds - active)),
    ...(isQueued ? { queue: { waitingSince: session.queuePlace?.since, reason: 'slot' } } : {}),
    healthScore: healthScore(session, active),
    isHealthy: isHealthy(usage.apiCalls, usage.apiErrors),
    isRetryable: isRetryable(session),
    allowedOperations: allowedOperations(session),
  };
};

const tokensOf = (live: SessionLive | undefined) => {
  const { inputTokens, outputTokens, reasoningTokens } = live?.usage ?? noUsage;
  return inputTokens + outputTokens + reasoningTokens;
};

const COST_DECIMALS = 6;
const costOf = (live: SessionLive | undefined) => round((live?.usage ?? noUsage).costUsd, COST_DECIMALS);

const metrics = (session: Session, live: SessionLive | undefined, now: number) => {
  const { apiCalls, apiErrors, ...usage } = live?.usage ?? noUsage;
  return {
    ...usage,
    costUsd: costOf(live),
    tokensUsed: tokensOf(live),
    apiCallsCount: apiCalls,
    apiErrorsCount: apiErrors,
    executionDurationSeconds: seconds(live ? activeSecondsAt(live, now) : 0),
    ...(session.endedAt ? { totalDurationSeconds: between(session.createdAt, session.endedAt) } : {}),
  };
};

/** A session as the wire shows it. */
export const presentSession = (
  session: Session,
  input: SessionInput,
  live: SessionLive | undefined,
  now: number,
): unknown => toWire({ ...head(session, live, now), ...input, metrics: metrics(session, live, now) });

/** A session in a list. */
export const presentSessionItem = (session: Session, live: SessionLive | undefined, now: number): unknown =>
  toWire({ ...head(session, live, now), tokensUsed: tokensOf(live), costUsd: costOf(live) });

/** Reads what belongs to a session and presents it. */
export const viewSession = async (store: TenantStore, session: Session, now: number): Promise<unknown> => {
  const [input, live] = await Promise.all([store.findInput(session.id), store.findLive(session.id)]);
  if (input === undefined) throw new Error('a session has an input');
  return presentSession(session, input, live, now);
};
