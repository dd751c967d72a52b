import { refOf } from '#domain/checkpoint/checkpoint';
import { CHECKPOINTS_KEPT } from '#domain/checkpoint/rotation';
import { NotFound, PreconditionFailed } from '#domain/errors';
import type { Actor } from '#domain/event';
import { attemptAgain } from '#domain/session/live';
import { retrySession } from '#domain/session/retry-session';
import type { Session } from '#domain/session/session';
import { startSession } from '#domain/session/start-session';
import type { SessionChange } from '#domain/session/transition';
import { onTheWay } from '#domain/session/wait';
import { gateWrites, sessionWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { takePlace } from './session-slot.ts';

export interface RetrySessionInput {
  readonly sessionId: string;
  readonly actor: Actor;
  readonly checkpointId?: string | undefined;
  readonly fromScratch: boolean;
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
  const checkpointOf = async ({ sessionId, checkpointId }: RetrySessionInput) => {
    if (checkpointId === undefined) return undefined;
    const { items } = await store.listCheckpoints(sessionId, { limit: CHECKPOINTS_KEPT + 1, withData: false });
    const chosen = items.find(({ id }) => id === checkpointId);
    if (chosen === undefined) throw new NotFound('checkpoint');
    return refOf(chosen);
  };

  const started = async (
    retried: SessionChange,
    { actor, onQuota }: RetrySessionInput,
    now: number,
  ): Promise<{ change: SessionChange; writes: Write[] }> => {
    const { place, change } = await takePlace(store, retried.after, { onQuota, ticket: ids.ulid(), now });
    const start = startSession(retried.after, place, actor, new Date(now).toISOString());
    const wait = onTheWay({ sessionId: start.after.id, run: start.after.run }, now);
    return {
      change: { before: retried.before, after: start.after, events: [...retried.events, ...start.events] },
      writes: [...gateWrites(change), { kind: 'wait', wait }],
    };
  };

  const decide = async (input: RetrySessionInput): Promise<Session> => {
    const session = await store.getSession(input.sessionId);
    if (input.ifVersion !== undefined && input.ifVersion !== session.version)
      throw new PreconditionFailed(session.version);
    const [live, checkpoint] = await Promise.all([store.findLive(session.id), checkpointOf(input)]);
    const now = clock.now();
    const retried = retrySession(session, { ...input, checkpoint, at: new Date(now).toISOString() });
    const { change, writes } = input.start ? await started(retried, input, now) : { change: retried, writes: [] };
    const record = input.remember?.(change.after);
    await store.commit([
      ...sessionWrites(change, ids),
      ...writes,
      ...(live
        ? [{ kind: 'session-live', before: live, after: attemptAgain(live, change.after.attempt) } as const]
        : []),
      ...(record ? [{ kind: 'idempotency', record } as const] : []),
    ]);
    return change.after;
  };
  return (input: RetrySessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
