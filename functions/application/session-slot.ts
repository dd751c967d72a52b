import { ConcurrentUpdate, QuotaExceeded } from '#domain/errors';
import {
  enter,
  type Gate,
  type GateChange,
  giveUp,
  hasPlace,
  isOpen,
  leave,
  reorder,
  type Waiter,
} from '#domain/gate/gate';
import { adjustedTime } from '#domain/gate/priority';
import type { QueuePlace, Session } from '#domain/session/session';
import { mayBeLetIn } from '#domain/session/wait';
import type { GateStore, SessionStore } from './ports/tenant-store.ts';

/** The gate that counts a tenant's running sessions. */
export const SESSIONS_GATE = 'sessions';

const theGate = async (gates: GateStore): Promise<Gate> => {
  const gate = await gates.findGate(SESSIONS_GATE);
  if (gate === undefined) throw new Error('the tenant has no gate for its sessions');
  return gate;
};

/** The gate with the sessions that wait at it. */
export type SlotStore = GateStore & Pick<SessionStore, 'findSession' | 'findSessions'>;

/** How many of those who wait a hand-over looks at. */
const LOOKED_AT = 100;

/** Who is to be let in next: one whose time in the queue is used up is passed over, and ends where its wait is looked at. */
const nextWaiter = async (store: SlotStore, now: number, except?: string): Promise<Waiter | undefined> => {
  const first = await store.firstWaiter(SESSIONS_GATE);
  if (first === undefined) return undefined;
  const session = first.owner === except ? undefined : await store.findSession(first.owner);
  if (session && mayBeLetIn(session, now)) return first;
  const waiters = await store.listWaiters(SESSIONS_GATE, LOOKED_AT);
  const others = waiters.filter(({ owner }) => owner !== except).map(({ owner }) => owner);
  const next = (await store.findSessions(others)).find((one) => mayBeLetIn(one, now));
  return next && waiters.find(({ owner }) => owner === next.id);
};

/**
 * The place of a session that starts now, and what it does to the gate.
 * @throws QuotaExceeded when the queue is full, or `reject` was asked for and there is no free slot
 */
export const takePlace = async (
  store: SlotStore,
  session: Pick<Session, 'id' | 'priority'>,
  { onQuota, ticket, now }: { onQuota: 'queue' | 'reject'; ticket: string; now: number },
): Promise<{ place: QueuePlace; change: GateChange }> => {
  const gate = await theGate(store);
  const letsIn = isOpen(gate) || (hasPlace(gate) && (await nextWaiter(store, now)) === undefined);
  if (onQuota === 'reject' && !letsIn) throw new QuotaExceeded('concurrent_sessions', gate.limit, gate.held);
  const place = { adjustedMs: adjustedTime(now, session.priority), ticket, since: new Date(now).toISOString() };
  const change = enter(gate, { owner: session.id, ...place }, letsIn);
  return { place: change.addHolder ? { ...place, letInAtOnce: true } : place, change };
};

/**
 * What the end of a session does to the gate: its slot goes to the first waiter, or its place in the queue is given up.
 * Undefined when it has neither. The working time of one that had started is remembered.
 */
export const leavePlace = async (
  store: SlotStore,
  session: Session,
  at: string,
  activeSeconds?: number,
): Promise<GateChange | undefined> => {
  if (session.queuePlace === undefined) return undefined;
  const gate = await theGate(store);
  const holder = await store.findHolder(SESSIONS_GATE, session.id);
  const stay = session.startedAt === undefined ? undefined : activeSeconds;
  if (holder) return leave(gate, holder, await nextWaiter(store, Date.parse(at)), { at, stay });
  if (gate.waiting === 0) throw new ConcurrentUpdate('place in the queue');
  const next = hasPlace(gate) ? await nextWaiter(store, Date.parse(at), session.id) : undefined;
  return giveUp(gate, { owner: session.id, ...session.queuePlace }, next, at);
};

/** What a new priority does to the place of a session that still waits; undefined when its place stays. */
export const movePlace = async (gates: GateStore, before: Session, after: Session): Promise<GateChange | undefined> => {
  const [from, to] = [before.queuePlace, after.queuePlace];
  if (from === undefined || to === undefined || from.adjustedMs === to.adjustedMs) return undefined;
  const gate = await theGate(gates);
  if (await gates.findHolder(SESSIONS_GATE, after.id)) return undefined;
  return reorder(gate, { owner: after.id, ...from }, to.adjustedMs);
};

/** Sessions that a change of the gate let in; their waits are over. */
export const letIn = (change: GateChange | undefined): string[] => (change?.addHolder ? [change.addHolder.owner] : []);
