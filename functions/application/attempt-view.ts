import { activeSecondsAt, type SessionLive } from '#domain/session/live';
import type { Attempt, Session } from '#domain/session/session';

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;
const MILLISECONDS = 3;
const MICRODOLLARS = 6;

const figures = (live: SessionLive, until: number) => ({
  activeSeconds: round(activeSecondsAt(live, until), MILLISECONDS),
  tokensUsed: live.usage.inputTokens + live.usage.outputTokens + live.usage.reasoningTokens,
  costUsd: round(live.usage.costUsd, MICRODOLLARS),
});

/** What the live values say of the attempt they belong to. They count on over automatic attempts, so only the first has figures. */
const work = ({ automatic }: Attempt, live: SessionLive, until: number) => ({
  agentIds: live.agentId ? [live.agentId] : [],
  ...(automatic ? {} : figures(live, until)),
});

/** One attempt. What it came to stands in the session as long as it is the newest. */
export const viewAttempt = (attempt: Attempt, session: Session, live: SessionLive | undefined, now: number) => {
  const isNewest = attempt.attempt === session.attempt;
  const endedAt = attempt.endedAt ?? (isNewest ? session.endedAt : undefined);
  const { error, successRate } = session;
  return {
    ...attempt,
    endedAt,
    ...(isNewest && session.endedAt ? { outcome: session.status, error, successRate } : {}),
    ...(live?.attempt === attempt.attempt ? work(attempt, live, endedAt ? Date.parse(endedAt) : now) : {}),
  };
};
