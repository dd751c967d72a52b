import type { ModelResolution } from '#domain/model/resolve-model';
import type { Warning } from './warning.ts';

export const ACTIVITIES = ['waiting_for_agent', 'working', 'backing_off'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** Cumulative figures as the agent reports them. Costs in USD. */
export interface UsageTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costUsd: number;
  readonly apiCalls: number;
  readonly apiErrors: number;
}

/** What an agent says that it has used; without a cost where it knows none. */
export type UsageReport = Omit<UsageTotals, 'costUsd'> & { readonly costUsd?: number | undefined };

export const noUsage: UsageTotals = {
  inputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
  apiCalls: 0,
  apiErrors: 0,
};

/** No figure is counted further: three of them still make a number that a table can keep. */
export const MOST_COUNTED = 1e15;

/** Usage whose every figure can be kept and summed up. */
export const capped = (usage: UsageTotals): UsageTotals =>
  Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [name, Math.min(value, MOST_COUNTED)]),
  ) as unknown as UsageTotals;

export interface Progress {
  readonly percent?: number | undefined;
  readonly message?: string | undefined;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
  readonly at: string;
}

/** What changes while an agent works, beside the head, so that a report never collides with a status change. */
export interface SessionLive {
  readonly sessionId: string;
  readonly attempt: number;
  readonly activity?: Activity | undefined;
  readonly agentId?: string | undefined;
  readonly assignmentId?: string | undefined;
  /** Assignments that carried the attempt's work before this one. */
  readonly earlierAssignmentIds?: readonly string[] | undefined;
  /** Whom the attempt's work was granted to, and how often. */
  readonly agentIds?: readonly string[] | undefined;
  readonly grants?: number | undefined;
  readonly activeSeconds: number;
  /** Present only while the clock of working time runs. */
  readonly clockStartedAt?: string | undefined;
  readonly deadlineAt?: string | undefined;
  /** While the session waits for its next automatic attempt: until when. */
  readonly backOffUntil?: string | undefined;
  /** The agent that failed the attempt before; it is passed over while another one fits. */
  readonly failedAgentId?: string | undefined;
  readonly progress?: Progress | undefined;
  /** What the session's model identifier meant when the attempt began; absent where it names no model of the registry. */
  readonly modelResolution?: ModelResolution | undefined;
  /** What it meant when an agent was last granted the work, also of an automatic attempt before; absent likewise. */
  readonly servedBy?: ModelResolution | undefined;
  readonly usage: UsageTotals;
  /** What agents used that had the attempt's work before this one; their reports count from zero. */
  readonly usageBefore?: UsageTotals | undefined;
  /** Of all attempts; oldest first. */
  readonly warnings?: readonly Warning[] | undefined;
  /** What the workspace's ref meant to the first agent: later attempts work from that commit. */
  readonly baseCommit?: string | undefined;
  /** Number of the newest log line of the attempt. */
  readonly lastLogSeq: number;
  readonly revision: number;
}

const SECOND_MS = 1000;

/** Live values at the beginning of an attempt, before an agent has the work. */
export const freshLive = (sessionId: string, attempt: number): SessionLive => ({
  sessionId,
  attempt,
  activity: 'waiting_for_agent',
  activeSeconds: 0,
  usage: noUsage,
  lastLogSeq: 0,
  revision: 0,
});

/** The attempt failed and the next one follows after a pause in which nothing works and nothing is counted. */
export const backOffLive = (live: SessionLive, until: number): SessionLive => ({
  ...live,
  activity: 'backing_off',
  assignmentId: undefined,
  backOffUntil: new Date(until).toISOString(),
  failedAgentId: live.agentId,
});

/** Whole seconds until the pause before the next attempt is over; 0 when it is, or there is none. */
export const backOffLeft = ({ backOffUntil }: SessionLive, now: number): number =>
  backOffUntil === undefined ? 0 : Math.max(0, Math.ceil((Date.parse(backOffUntil) - now) / SECOND_MS));

/** Live values at the beginning of a later attempt: usage, warnings and base commit of the ones before it stay. */
export const laterLive = (live: SessionLive, attempt: number): SessionLive => ({
  ...freshLive(live.sessionId, attempt),
  usage: live.usage,
  ...(live.warnings ? { warnings: live.warnings } : {}),
  ...(live.baseCommit ? { baseCommit: live.baseCommit } : {}),
  revision: live.revision,
});

/** The next automatic attempt begins; working time and usage of the ones before stay counted. */
export const nextAttempt = (live: SessionLive, attempt: number): SessionLive => ({
  ...laterLive(live, attempt),
  activeSeconds: live.activeSeconds,
  failedAgentId: live.failedAgentId,
  ...(live.servedBy ? { servedBy: live.servedBy } : {}),
});

/** A person asked for another attempt: its working time begins anew, what was used stays counted. */
export const attemptAgain = (live: SessionLive, attempt: number): SessionLive => ({
  ...laterLive(live, attempt),
  activity: undefined,
});

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The first commit id in full stays; a name of a branch would say something else later. */
export const basedOn = (live: SessionLive, commit: string | undefined): SessionLive =>
  live.baseCommit === undefined && commit !== undefined && COMMIT_ID.test(commit)
    ? { ...live, baseCommit: commit }
    : live;

/** A new assignment carries the work; what the ones before it used stays counted. */
export const awaitAgent = (live: SessionLive, assignmentId: string): SessionLive => ({
  ...live,
  activity: 'waiting_for_agent',
  assignmentId,
  ...(live.assignmentId ? { earlierAssignmentIds: [...(live.earlierAssignmentIds ?? []), live.assignmentId] } : {}),
  usageBefore: live.usage,
});

/** Starts the clock: an agent has the work. The deadline counts what was already worked. */
export const startClock = (live: SessionLive, maxDurationSeconds: number, now: number): SessionLive => ({
  ...live,
  activity: 'working',
  clockStartedAt: new Date(now).toISOString(),
  deadlineAt: new Date(now + (maxDurationSeconds - live.activeSeconds) * SECOND_MS).toISOString(),
});

/** The deadline after the longest working time has changed; a clock that stands has none. */
export const moveDeadline = (live: SessionLive, maxDurationSeconds: number): SessionLive =>
  live.clockStartedAt === undefined
    ? live
    : {
        ...live,
        deadlineAt: new Date(
          Date.parse(live.clockStartedAt) + (maxDurationSeconds - live.activeSeconds) * SECOND_MS,
        ).toISOString(),
      };

/** Working seconds up to `now`, with millisecond precision. */
export const activeSecondsAt = (live: SessionLive, now: number): number =>
  live.clockStartedAt === undefined
    ? live.activeSeconds
    : live.activeSeconds + Math.max(0, now - Date.parse(live.clockStartedAt)) / SECOND_MS;

/** The agent gave the work back: the clock stands, and the attempt waits for the next one. */
export const waitForAgentAgain = (live: SessionLive, now: number): SessionLive => {
  const { agentId: _agent, progress: _progress, ...rest } = stopClock(live, now);
  return { ...rest, activity: 'waiting_for_agent', usageBefore: live.usage };
};

/** Stops the clock. Nothing is working on the session any more. */
export const stopClock = (live: SessionLive, now: number): SessionLive => {
  const { clockStartedAt: _started, deadlineAt: _deadline, activity: _activity, ...rest } = live;
  return { ...rest, activeSeconds: activeSecondsAt(live, now) };
};
