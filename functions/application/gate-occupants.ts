import type { Holder } from '#domain/gate/gate';
import { announceWake } from '#domain/session/announce-wake';
import type { Session } from '#domain/session/session';
import { mayHoldSlot } from '#domain/session/status';
import { mayBeLetIn } from '#domain/session/wait';
import { isTerminalTraining } from '#domain/training-job/status';
import { sessionWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { rouseHolders } from './rouse-holders.ts';
import { TRAINING_GATE } from './training-slot.ts';

/** What is known of owners of places at a gate. */
export interface Occupants {
  /** Whether the owner has a right to be inside. */
  mayHold(owner: string): boolean;
  /** Whether an owner that waits may be let in. */
  mayEnter(owner: string, now: number): boolean;
  /** Tells the driver of one that is let in. */
  woken(owner: string, at: string): Write[];
  /** Has holders looked at that still wait for the place that they have. */
  rouse(holders: readonly Holder[], now: number): Promise<void>;
}

/** Looks up who the owners of places at a gate are. */
export type LookUpOccupants = (places: readonly { readonly owner: string }[]) => Promise<Occupants>;

const sessionsOf =
  (store: TenantStore, ids: Identifiers): LookUpOccupants =>
  async (places) => {
    const found = await store.findSessions(places.map(({ owner }) => owner));
    const sessions: ReadonlyMap<string, Session> = new Map(found.map((session) => [session.id, session]));
    return {
      mayHold: (owner) => mayHoldSlot(sessions.get(owner)?.status),
      mayEnter: (owner, now) => {
        const session = sessions.get(owner);
        return session !== undefined && mayBeLetIn(session, now);
      },
      woken: (owner, at) => sessionWrites(announceWake(sessions.get(owner) as Session, 'queue', at), ids),
      rouse: (holders, now) => rouseHolders(store, holders, { sessions, now }),
    };
  };

const trainingsOf =
  (store: TenantStore): LookUpOccupants =>
  async (places) => {
    const found = await Promise.all(places.map(({ owner }) => store.findTrainingJob(owner)));
    const statuses = new Map(found.flatMap((job) => (job ? [[job.id, job.status] as const] : [])));
    return {
      mayHold: (owner) => {
        const status = statuses.get(owner);
        return status !== undefined && status !== 'pending' && !isTerminalTraining(status);
      },
      mayEnter: (owner) => statuses.get(owner) === 'queued',
      // the poller looks at each of them within a minute, and wakes whoever need not wait any more
      woken: () => [],
      rouse: async () => undefined,
    };
  };

/** Who the owners of places at a gate of a tenant are: its trainings, or its sessions. */
export const occupantsOf = (store: TenantStore, ids: Identifiers, gate: string): LookUpOccupants =>
  gate === TRAINING_GATE ? trainingsOf(store) : sessionsOf(store, ids);
