import type { Actor } from '#domain/event';
import { createSession, type NewSession } from '#domain/session/create-session';
import type { Session, SessionInput } from '#domain/session/session';
import { startSession } from '#domain/session/start-session';
import { onTheWay } from '#domain/session/wait';
import { gateWrites, sessionWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { takePlace } from './session-slot.ts';

export interface CreateSessionInput {
  readonly fields: Omit<NewSession, 'tenantId' | 'id' | 'createdBy'>;
  readonly input: SessionInput;
  readonly parentId?: string | undefined;
  readonly start: boolean;
  readonly onQuota: 'queue' | 'reject';
  readonly actor: Actor & { readonly id: string };
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
}

const remembered = (record: IdempotencyRecord | undefined): Write[] =>
  record ? [{ kind: 'idempotency', record }] : [];

/**
 * Creates a session, and starts it in the same transaction when asked.
 * @throws NotFound for an unknown parent
 * @throws QuotaExceeded when it cannot be queued; then nothing is created
 */
export const makeCreateSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ fields, input, parentId, start, onQuota, actor, remember }: CreateSessionInput) => {
    const at = isoNow(clock);
    const parent = parentId ? await store.getSession(parentId) : undefined;
    const identity = { tenantId: store.tenantId, id: ids.ulid(), createdBy: actor.id };
    const created = createSession({ ...fields, ...identity }, parent, at);
    const inputWrite: Write = { kind: 'session-input', sessionId: identity.id, input };
    if (!start) {
      await store.commit([...sessionWrites(created, ids), inputWrite, ...remembered(remember?.(created.after))]);
      return created.after;
    }
    const { place, change } = await takePlace(store, created.after, { onQuota, ticket: ids.ulid(), now: clock.now() });
    const started = startSession(created.after, place, actor, at);
    const both = { before: null, after: started.after, events: [...created.events, ...started.events] };
    await store.commit([
      ...sessionWrites(both, ids),
      inputWrite,
      ...gateWrites(change),
      { kind: 'wait', wait: onTheWay({ sessionId: identity.id, run: started.after.run }, clock.now()) },
      ...remembered(remember?.(started.after)),
    ]);
    return started.after;
  };
  return (input: CreateSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
