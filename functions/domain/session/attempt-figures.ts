import type { SessionLive } from './live.ts';
import { activeSecondsAt } from './live.ts';
import type { Attempt, AttemptFigures, WorkTotals } from './session.ts';

const MILLISECONDS = 3;
const MICRODOLLARS = 6;
const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** What the live values count by then. */
export const totalsAt = (live: SessionLive, at: number): WorkTotals => ({
  activeSeconds: round(activeSecondsAt(live, at), MILLISECONDS),
  tokensUsed: live.usage.inputTokens + live.usage.outputTokens + live.usage.reasoningTokens,
  costUsd: round(live.usage.costUsd, MICRODOLLARS),
});

/** Where an attempt begins to count: what was counted before it. Nothing where that is nothing. */
export const countedBefore = (live: SessionLive, at: number): Pick<Attempt, 'before'> => {
  const before = totalsAt(live, at);
  return Object.values(before).some((value) => value > 0) ? { before } : {};
};

/** The live values with one more grant of the attempt's work. */
export const grantedTo = (live: SessionLive, agentId: string): SessionLive => ({
  ...live,
  agentId,
  agentIds: [...new Set([...(live.agentIds ?? []), agentId])],
  grants: (live.grants ?? 0) + 1,
});

/** Figures of the attempt that the live values belong to; undefined of another one. */
export const figuresAt = (
  { attempt, before }: Pick<Attempt, 'attempt' | 'before'>,
  live: SessionLive | undefined,
  at: number,
): AttemptFigures | undefined => {
  if (live?.attempt !== attempt) return undefined;
  const totals = totalsAt(live, at);
  return {
    activeSeconds: round(totals.activeSeconds - (before?.activeSeconds ?? 0), MILLISECONDS),
    tokensUsed: totals.tokensUsed - (before?.tokensUsed ?? 0),
    costUsd: round(totals.costUsd - (before?.costUsd ?? 0), MICRODOLLARS),
    grants: live.grants ?? 0,
    agentIds: live.agentIds ?? [],
    assignmentIds: [...(live.earlierAssignmentIds ?? []), ...(live.assignmentId ? [live.assignmentId] : [])],
  };
};
