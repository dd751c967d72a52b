import { estimatedWaits } from '#domain/gate/queue-position';
import { activeSecondsAt } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import type { GateStore, SessionStore } from './ports/tenant-store.ts';
import { SESSIONS_GATE } from './session-slot.ts';

/** Where a waiting session stands; nothing is known of one behind the first thousand. */
export interface Standing {
  readonly position?: number;
  readonly ahead?: number;
  readonly estimatedWaitSeconds?: number | undefined;
}

const LOOKED_AT = 1000;

/**
 * The places of queued sessions, by session. One that has its slot already has none.
 * Nothing is read when none of them is queued.
 */
export const makeReadQueue =
  ({ store }: { store: GateStore & SessionStore }) =>
  async (sessions: readonly Session[], now: number): Promise<ReadonlyMap<string, Standing>> => {
    const queued = sessions.filter(({ status }) => status === 'queued').map(({ id }) => id);
    if (queued.length === 0) return new Map();
    const [gate, waiters, holders] = await Promise.all([
      store.findGate(SESSIONS_GATE),
      store.listWaiters(SESSIONS_GATE, LOOKED_AT),
      store.listHolders(SESSIONS_GATE),
    ]);
    const lives = await store.findLives(holders.map(({ owner }) => owner));
    const worked = holders.map(({ owner }) => {
      const live = lives.get(owner);
      return live ? activeSecondsAt(live, now) : 0;
    });
    const waits = gate && estimatedWaits(gate, worked, waiters.length);
    const places = new Map(waiters.map(({ owner }, index) => [owner, index]));
    const inside = new Set(holders.map(({ owner }) => owner));
    const standing = (id: string): Standing => {
      const ahead = places.get(id);
      return ahead === undefined ? {} : { position: ahead + 1, ahead, estimatedWaitSeconds: waits?.[ahead] };
    };
    return new Map(queued.filter((id) => !inside.has(id)).map((id) => [id, standing(id)]));
  };

/** A session with its place in the queue. From the moment it has a slot there is none. */
export const showQueue = <View extends { readonly id: string; readonly queue?: object }>(
  { queue, ...view }: View,
  places: ReadonlyMap<string, Standing>,
): Omit<View, 'queue'> & { readonly queue?: object } => {
  const standing = places.get(view.id);
  return standing && queue ? { ...view, queue: { ...queue, ...standing } } : view;
};
