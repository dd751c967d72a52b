import { signsOf } from '#domain/assignment/signs';
import { checkpointCount } from '#domain/checkpoint/rotation';
import { NotFound } from '#domain/errors';
import type { Stage } from '#domain/routing/stage';
import { type Sign, shownReason } from '#domain/session/degraded';
import { allowedOperations, healthScore, isHealthy, isRetryable } from '#domain/session/health';
import { activeSecondsAt, attemptAgain, noUsage, type SessionLive, type UsageTotals } from '#domain/session/live';
import type { Session, SessionInput } from '#domain/session/session';
import { isUnderWay } from '#domain/session/status';
import { queueExpiry } from '#domain/session/wait';
import type { AssignmentStore, SessionStore } from './ports/tenant-store.ts';

/** All that is stored of a session and shown of it. */
export interface SessionState {
  readonly session: Session;
  readonly input: SessionInput;
  readonly live: SessionLive | undefined;
  /** Signs that its work goes on with reduced capacity; known where it is degraded. */
  readonly signs?: readonly Sign[];
  /** The stage of routing that leaves no agent for its work; known where it waits for one. */
  readonly waitingReason?: Stage | undefined;
}

/** The signs at the work of a degraded session; of any other they do not matter. */
export const readSigns = async (
  store: AssignmentStore,
  { status }: Session,
  live: SessionLive | undefined,
): Promise<readonly Sign[]> => {
  if (status !== 'degraded' || live?.assignmentId === undefined) return [];
  const assignment = await store.findAssignment(live.assignmentId);
  return assignment ? signsOf(assignment) : [];
};

/** Why no agent has the work of a session that waits for one. */
const readWaitingReason = async (store: AssignmentStore, { status }: Session, live: SessionLive | undefined) => {
  if (!isUnderWay(status) || live?.activity !== 'waiting_for_agent' || live.assignmentId === undefined)
    return undefined;
  return (await store.findAssignment(live.assignmentId))?.waitingReason;
};

/** Reads a session with what stands beside it. A deleted one only when asked for. @throws NotFound */
export const readSession = async (
  store: SessionStore & AssignmentStore,
  sessionId: string,
  { includeDeleted = false } = {},
): Promise<SessionState> => {
  const [session, input, live] = await Promise.all([
    includeDeleted ? store.findSession(sessionId) : store.getSession(sessionId),
    store.findInput(sessionId),
    store.findLive(sessionId),
  ]);
  if (session === undefined || input === undefined) throw new NotFound('session');
  const [signs, waitingReason] = await Promise.all([
    readSigns(store, session, live),
    readWaitingReason(store, session, live),
  ]);
  return { session, input, live, signs, waitingReason };
};

/** What stands beside a session that was given another attempt. */
export const retried = ({ live, ...state }: SessionState, session: Session): SessionState => ({
  ...state,
  session,
  live: live && attemptAgain(live, session.attempt),
});

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
  const { agentId, assignmentId, progress, activity, deadlineAt, modelResolution } = live;
  return { agentId, assignmentId, progress, modelResolution, ...(isUnderWay(status) ? { activity, deadlineAt } : {}) };
};

type Head = Pick<SessionState, 'session' | 'live' | 'signs'>;

const head = ({ session, live, signs = [] }: Head, now: number) => {
  const active = activeSeconds(session, live, now);
  const { apiCalls, apiErrors } = usageOf(live);
  const { queuePlace } = session;
  const isQueued = session.status === 'queued' && queuePlace !== undefined && !queuePlace.letInAtOnce;
  return {
    ...session,
    ...shownReason(session, signs),
    ...work(session, live),
    childCount: session.childCount ?? 0,
    activeSeconds: active,
    remainingSeconds: round(Math.max(0, session.maxDurationSeconds - active), MILLISECONDS),
    ...(isQueued
      ? {
          queue: { waitingSince: queuePlace.since, expiresAt: queueExpiry(session), reason: 'slot' },
        }
      : {}),
    healthScore: healthScore(session, active),
    isHealthy: isHealthy(session, { apiCalls, apiErrors, warnings: live?.warnings?.length ?? 0 }),
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
    warnings: live?.warnings ?? [],
    ...(queuedSeconds === undefined ? {} : { queueDurationSeconds: queuedSeconds }),
    executionDurationSeconds: activeSeconds(session, live, now),
    ...(endedAt ? { totalDurationSeconds: (Date.parse(endedAt) - Date.parse(createdAt)) / 1000 } : {}),
  };
};

/** A session with everything computed of it at `now` (milliseconds). */
export const viewSession = (state: SessionState, now: number) => ({
  ...head(state, now),
  ...(state.waitingReason ? { waitingReason: state.waitingReason } : {}),
  ...state.input,
  metrics: metrics(state.session, state.live, now),
});

/** A session as a list shows it. */
export const viewSessionItem = (state: Head, now: number) => ({
  ...head(state, now),
  tokensUsed: tokensUsed(usageOf(state.live)),
  costUsd: round(usageOf(state.live).costUsd, MICRODOLLARS),
});
