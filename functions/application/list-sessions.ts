import type { Sign } from '#domain/session/degraded';
import { matches, type SessionFilter } from '#domain/session/filter';
import type { SessionLive } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import type { SessionStatus } from '#domain/session/status';
import { firstUlidOf } from '#domain/ulid';
import type { Page } from './ports/page.ts';
import type { AssignmentStore, GateStore, SessionStore } from './ports/tenant-store.ts';
import { SESSIONS_GATE } from './session-slot.ts';
import { readSigns } from './session-view.ts';

type SessionReader = SessionStore['listSessions'];

export interface ListSessionsInput {
  readonly filter: SessionFilter;
  readonly limit: number;
  /** Id of the session behind which the page begins. */
  readonly after?: string | undefined;
}

export interface ListedSession {
  readonly session: Session;
  readonly live: SessionLive | undefined;
  readonly signs: readonly Sign[];
}

/** How many sessions one request looks at, so that a filter that nothing matches ends, too. */
const LOOKED_AT = 500;
const AT_ONCE = 100;

/** More may wait only if the tenant's quota is above it. */
const MAX_WAITING = 10_000;

/** Statuses of sessions that are inside the gate or wait before it, so that these need no walk through all sessions. */
const AT_THE_GATE: readonly SessionStatus[] = ['queued', 'running', 'degraded'];

/** An id is made a moment after the time of creation that goes with it. */
const SLACK_MS = 60_000;

const isFiltered = ({ includeDeleted: _, ...filters }: SessionFilter) =>
  Object.values(filters).some((value) => value !== undefined);

const startOf = ({ createdTo }: SessionFilter) => createdTo && firstUlidOf(Date.parse(createdTo) + SLACK_MS);

/** Whether nothing stands behind a page but sessions that are too old for the list. */
const isLast = ({ items, next }: Page<Session>, { createdFrom }: SessionFilter) =>
  next === undefined ||
  (createdFrom !== undefined &&
    items.some(({ createdAt }) => Date.parse(createdAt) < Date.parse(createdFrom) - SLACK_MS));

/** The place behind a session of a page, if anything may stand there. */
const behind = ({ items, next }: Page<Session>, id: string) =>
  next !== undefined || id !== items.at(-1)?.id ? id : undefined;

/**
 * Sessions of the tenant, newest first. A page may hold fewer than its limit and still have a next one:
 * a request looks at a bounded number of sessions, however few of them it admits.
 */
export const makeListSessions = ({ store }: { store: SessionStore & GateStore & AssignmentStore }) => {
  /** The waiters first: one that is let in between the two reads is seen twice, never not at all. */
  const atTheGate = async (): Promise<SessionReader> => {
    const waiters = await store.listWaiters(SESSIONS_GATE, MAX_WAITING);
    const holders = await store.listHolders(SESSIONS_GATE);
    const ids = [...new Set([...waiters, ...holders].map(({ owner }) => owner))].sort().toReversed();
    return async ({ limit, after }) => {
      const rest = ids.filter((id) => after === undefined || id < after);
      const taken = rest.slice(0, limit);
      return {
        items: await store.findSessions(taken),
        next: rest.length > limit ? taken.at(-1) : undefined,
      };
    };
  };

  const readerOf = async ({ statuses }: SessionFilter): Promise<SessionReader> =>
    statuses?.every((status) => AT_THE_GATE.includes(status)) ? atTheGate() : store.listSessions;

  /** Parents of these sessions that the list does not show; their children are its roots. */
  const hiddenParents = async (sessions: readonly Session[], { parentIds, includeDeleted }: SessionFilter) => {
    if (!parentIds?.includes('none')) return new Set<string>();
    const ids = new Set(sessions.flatMap(({ parentId }) => parentId ?? []));
    for (const { id, deletedAt } of await store.findSessions([...ids])) {
      if (includeDeleted || deletedAt === undefined) ids.delete(id);
    }
    return ids;
  };

  const find = async ({ filter, limit, after }: ListSessionsInput): Promise<Page<Session>> => {
    const found: Session[] = [];
    const read = await readerOf(filter);
    let position = after ?? startOf(filter);
    let atOnce = isFiltered(filter) ? AT_ONCE : limit;
    for (let left = LOOKED_AT; left > 0; left -= atOnce, atOnce = AT_ONCE) {
      const page = await read({ limit: Math.min(atOnce, left), after: position });
      const hidden = await hiddenParents(page.items, filter);
      const shown = (session: Session): Session =>
        hidden.has(session.parentId ?? '') ? { ...session, parentId: undefined } : session;
      found.push(...page.items.filter((session) => matches(shown(session), filter)));
      const last = found[limit - 1]?.id;
      if (last !== undefined) return { items: found.slice(0, limit), next: behind(page, last) };
      if (isLast(page, filter)) return { items: found };
      position = page.next;
    }
    return { items: found, next: position };
  };

  return async (input: ListSessionsInput): Promise<Page<ListedSession>> => {
    const { items, next } = await find(input);
    const lives = await store.findLives(items.map(({ id }) => id));
    const listed = items.map(async (session): Promise<ListedSession> => {
      const live = lives.get(session.id);
      return { session, live, signs: await readSigns(store, session, live) };
    });
    return { items: await Promise.all(listed), next };
  };
};
