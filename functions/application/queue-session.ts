import type { Actor } from '#domain/event';
import { startSession } from '#domain/session/start-session';
import type { SessionChange } from '#domain/session/transition';
import { onTheWay } from '#domain/session/wait';
import { gateWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { ModelStore } from './ports/model-store.ts';
import type { Write } from './ports/write.ts';
import { checkServable } from './resolve-model.ts';
import { type SlotStore, takePlace } from './session-slot.ts';

export interface Queueing {
  readonly onQuota: 'queue' | 'reject';
  readonly actor: Actor;
  readonly now: number;
}

/**
 * Queues a session that is pending after a change, in the same change: its slot or place, the next run, and the driver that is
 * expected from here on.
 * @throws QuotaExceeded when it cannot be queued
 * @throws NotFound, ModelVersionArchived, ModelNotServable when its model could not be told to an agent
 */
export const queueSession = async (
  { store, ids }: { store: SlotStore & Pick<ModelStore, 'findModel' | 'findModelVersion'>; ids: Identifiers },
  { before, after: pending, events }: SessionChange,
  { onQuota, actor, now }: Queueing,
): Promise<{ change: SessionChange; writes: Write[] }> => {
  await checkServable(store, pending.modelIdentifier);
  const { place, change } = await takePlace(store, pending, { onQuota, ticket: ids.ulid(), now });
  const started = startSession(pending, place, actor, new Date(now).toISOString());
  const wait = onTheWay({ sessionId: pending.id, run: started.after.run }, now);
  return {
    change: { before, after: started.after, events: [...events, ...started.events] },
    writes: [...gateWrites(change), { kind: 'wait', wait }],
  };
};
