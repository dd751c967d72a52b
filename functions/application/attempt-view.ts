import { figuresAt } from '#domain/session/attempt-figures';
import type { SessionLive } from '#domain/session/live';
import type { Attempt } from '#domain/session/session';

const noFigures = { activeSeconds: 0, tokensUsed: 0, costUsd: 0, grants: 0, agentIds: [] };

/** One attempt. While the live values are its own they count, also what an agent reports after its end; then what was written down. */
export const viewAttempt = (attempt: Attempt, live: SessionLive | undefined, now: number) => {
  const until = attempt.endedAt ? Date.parse(attempt.endedAt) : now;
  const counted = { ...noFigures, ...attempt, ...figuresAt(attempt, live, until) };
  const { before: _before, assignmentIds: _assignments, ...shown } = counted;
  return shown;
};
