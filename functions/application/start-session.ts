import type { Actor } from '#domain/event';
import { InvalidTransition } from '#domain/session/invalid-transition';
import type { Session } from '#domain/session/session';
import { remembered, sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { queueSession } from './queue-session.ts';
import { retryConflict } from './retry-conflict.ts';

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
    const session = await expectedSession(store, { sessionId, ifVersion });
    if (session.status !== 'pending') throw new InvalidTransition(session.status, 'queued');
    const pending = { before: session, after: session, events: [] };
    const { change, writes } = await queueSession({ store, ids }, pending, { onQuota, actor, now: clock.now() });
    await store.commit([...sessionWrites(change, ids), ...writes, ...remembered(remember?.(change.after))]);
    return change.after;
  };
  return (input: StartSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
