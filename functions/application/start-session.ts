import { PreconditionFailed } from '#domain/errors';
import type { Actor } from '#domain/event';
import { InvalidTransition } from '#domain/session/invalid-transition';
import type { Session } from '#domain/session/session';
import { startSession } from '#domain/session/start-session';
import { onTheWay } from '#domain/session/wait';
import { gateWrites, sessionWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { takePlace } from './session-slot.ts';

export interface StartSessionInput {
  readonly sessionId: string;
  readonly onQuota: 'queue' | 'reject';
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
}

/**
 * Queues a pending session and asks for its execution.
 * @throws NotFound, InvalidTransition, PreconditionFailed
 * @throws QuotaExceeded when it cannot be queued; then nothing is changed
 */
export const makeStartSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ sessionId, onQuota, actor, ifVersion, remember }: StartSessionInput) => {
    const session = await store.getSession(sessionId);
    if (ifVersion !== undefined && ifVersion !== session.version) throw new PreconditionFailed(session.version);
    if (session.status !== 'pending') throw new InvalidTransition(session.status, 'queued');
    const now = clock.now();
    const { place, change } = await takePlace(store, session, { onQuota, ticket: ids.ulid(), now });
    const started = startSession(session, place, actor, new Date(now).toISOString());
    const record = remember?.(started.after);
    await store.commit([
      ...sessionWrites(started, ids),
      ...gateWrites(change),
      { kind: 'wait', wait: onTheWay({ sessionId, run: started.after.run }, now) },
      ...(record ? [{ kind: 'idempotency', record } as const] : []),
    ]);
    return started.after;
  };
  return (input: StartSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
