import type { Actor } from '#domain/event';
import { withChild } from '#domain/session/children';
import { createSession, type NewSession } from '#domain/session/create-session';
import type { Session, SessionInput } from '#domain/session/session';
import { remembered, sessionWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { queueSession } from './queue-session.ts';
import { retryConflict } from './retry-conflict.ts';

export interface CreateSessionInput {
  readonly fields: Omit<NewSession, 'tenantId' | 'id' | 'createdBy'>;
  readonly input: SessionInput;
  readonly parentId?: string | undefined;
  readonly start: boolean;
  readonly onQuota: 'queue' | 'reject';
  readonly actor: Actor & { readonly id: string };
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
  /** What else is written in the same transaction. */
  readonly also?: ((session: Session) => readonly Write[]) | undefined;
}

/**
 * Creates a session, and starts it in the same transaction when asked.
 * @throws NotFound for an unknown parent
 * @throws QuotaExceeded when it cannot be queued; then nothing is created
 */
export const makeCreateSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ fields, input, parentId, start, onQuota, actor, remember, also }: CreateSessionInput) => {
    const at = isoNow(clock);
    const parent = parentId ? await store.getSession(parentId) : undefined;
    const identity = { tenantId: store.tenantId, id: ids.ulid(), createdBy: actor.id };
    const created = createSession({ ...fields, ...identity }, parent, at);
    const inputWrite: Write = { kind: 'session-input', sessionId: identity.id, input };
    const { change, writes } = start
      ? await queueSession({ store, ids }, created, { onQuota, actor, now: clock.now() })
      : { change: created, writes: [] };
    // whoever deletes or changes the parent at the same moment comes before or after, never in between
    const family: Write[] = parent ? [{ kind: 'session', before: parent, after: withChild(parent) }] : [];
    await store.commit([
      ...sessionWrites(change, ids),
      inputWrite,
      ...family,
      ...writes,
      ...(also?.(change.after) ?? []),
      ...remembered(remember?.(change.after)),
    ]);
    return change.after;
  };
  return (input: CreateSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
