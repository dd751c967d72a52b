import type { SessionLive, UsageTotals } from './live.ts';
import { activeSecondsAt, capped } from './live.ts';
import type { Attempt, AttemptFigures } from './session.ts';

const MILLISECONDS = 3;
const MICRODOLLARS = 6;
const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** Where an attempt begins to count: what was counted before it. Nothing where that is nothing. */
export const countedBefore = ({ activeSeconds, usage }: SessionLive): Pick<Attempt, 'before'> =>
  activeSeconds > 0 || Object.values(usage).some((value) => value > 0) ? { before: { activeSeconds, usage } } : {};

/** What an attempt used of what its session has used until now. */
export const usageSince = ({ before }: Pick<Attempt, 'before'>, { usage }: SessionLive): UsageTotals => {
  const names = Object.keys(usage) as (keyof UsageTotals)[];
  const since = names.map((name) => [name, round(usage[name] - (before?.usage[name] ?? 0), MICRODOLLARS)]);
  return capped(Object.fromEntries(since) as unknown as UsageTotals);
};

/** The live values with one more grant of the attempt's work. */
export const grantedTo = (live: SessionLive, agentId: string): SessionLive => ({
  ...live,
  agentId,
  agentIds: [...new Set([...(live.agentIds ?? []), agentId])],
  grants: (live.grants ?? 0) + 1,
  ...(live.modelResolution ? { servedBy: live.modelResolution } : {}),
});

/** Figures of the attempt that the live values belong to; undefined of another one. */
export const figuresAt = (
  { attempt, before }: Pick<Attempt, 'attempt' | 'before'>,
  live: SessionLive | undefined,
  at: number,
): AttemptFigures | undefined => {
  if (live?.attempt !== attempt) return undefined;
  const { inputTokens, outputTokens, reasoningTokens, costUsd } = usageSince({ before }, live);
  return {
    activeSeconds: round(activeSecondsAt(live, at) - (before?.activeSeconds ?? 0), MILLISECONDS),
    tokensUsed: inputTokens + outputTokens + reasoningTokens,
    costUsd,
    grants: live.grants ?? 0,
    agentIds: live.agentIds ?? [],
    assignmentIds: [...(live.earlierAssignmentIds ?? []), ...(live.assignmentId ? [live.assignmentId] : [])],
  };
};
