import { usageSince } from '#domain/session/attempt-figures';
import { noUsage, type SessionLive, type UsageTotals } from '#domain/session/live';
import { judgedVerification } from '#domain/session/outcome';
import { isTerminal } from '#domain/session/status';
import type { AssignmentStore, SessionStore } from './ports/tenant-store.ts';
import { readSession } from './session-view.ts';

/** What an attempt handed back, as far as it is there; `final` is false while the attempt runs. @throws NotFound */
export const makeReadResult = ({ store }: { store: SessionStore & AssignmentStore }) => {
  const usedSoFar = async (attempt: number, live: SessionLive | undefined): Promise<UsageTotals> => {
    if (live?.attempt !== attempt) return noUsage;
    return usageSince((await store.findAttempt(live.sessionId, attempt)) ?? {}, live);
  };

  return async ({ sessionId, attempt: asked }: { sessionId: string; attempt?: number | undefined }) => {
    const { session, input, live } = await readSession(store, sessionId);
    const attempt = asked ?? session.attempt;
    const result = await store.findResult(sessionId, attempt);
    const { agentMs, verifyMs, usage = await usedSoFar(attempt, live) } = result ?? {};
    const verification = (result ? judgedVerification(input.workspace, result) : []).map((command, index) => {
      const { exitCode = null, durationMs = 0, output = '' } = result?.verification[index] ?? {};
      return { ...command, exitCode, durationMs, output };
    });
    const final = attempt < session.attempt || isTerminal(session.status);
    return {
      ...result,
      sessionId,
      attempt,
      final,
      usage: { ...usage, costUsd: usage.costUsd ?? 0, agentMs, verifyMs },
      verification,
    };
  };
};
