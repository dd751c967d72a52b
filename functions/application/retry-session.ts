import type { Actor } from '#domain/event';
import { attemptAgain } from '#domain/session/live';
import { retrySession } from '#domain/session/retry-session';
import type { Session } from '#domain/session/session';
import { remembered, sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import { keptCheckpoint } from './kept-checkpoint.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { queueSession } from './queue-session.ts';
import { retryConflict } from './retry-conflict.ts';

export interface RetrySessionInput {
  readonly sessionId: string;
  readonly actor: Actor;
  readonly checkpointId?: string | undefined;
  readonly fromScratch: boolean;
  /** Said after the prompt from here on; without it nothing is, whatever an earlier retry said. */
  readonly additionalPrompt?: string | undefined;
  readonly force: boolean;
  readonly start: boolean;
  readonly onQuota: 'queue' | 'reject';
  readonly ifVersion?: number | undefined;
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
}

/**
 * Gives a session that has ended without success another attempt, and queues it in the same transaction unless told not to.
 * @throws NotFound for an unknown session or checkpoint
 * @throws InvalidTransition, NotRetryable, PreconditionFailed
 * @throws QuotaExceeded when it cannot be queued; then nothing is changed
 */
export const makeRetrySession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const promptWrites = async ({ sessionId, additionalPrompt }: RetrySessionInput): Promise<Write[]> => {
    const before = await store.findInput(sessionId);
    if (before === undefined || before.additionalPrompt === additionalPrompt) return [];
    return [{ kind: 'session-input', sessionId, input: { ...before, additionalPrompt }, replaces: true }];
  };

  const decide = async (input: RetrySessionInput): Promise<Session> => {
    const session = await expectedSession(store, input);
    const { checkpointId } = input;
    const [live, checkpoint] = await Promise.all([
      store.findLive(session.id),
      checkpointId === undefined ? undefined : keptCheckpoint(store, session.id, checkpointId),
    ]);
    const now = clock.now();
    const retried = retrySession(session, { ...input, checkpoint, at: new Date(now).toISOString() });
    const { change, writes } = input.start
      ? await queueSession({ store, ids }, retried, { ...input, now })
      : { change: retried, writes: [] };
    await store.commit([
      ...sessionWrites(change, ids),
      ...writes,
      ...(await promptWrites(input)),
      ...(live
        ? [{ kind: 'session-live', before: live, after: attemptAgain(live, change.after.attempt) } as const]
        : []),
      ...remembered(input.remember?.(change.after)),
    ]);
    return change.after;
  };
  return (input: RetrySessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
