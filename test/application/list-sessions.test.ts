import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeListSessions } from '#application/list-sessions';
import { matches, type SessionFilter } from '#domain/session/filter';
import { PRIORITIES, type Session } from '#domain/session/session';
import { isUnderWay, SESSION_STATUSES } from '#domain/session/status';
import { firstUlidOf } from '#domain/ulid';
import { aSession, NOON, someLive } from '#test/support/a-session';

const noon = Date.parse(NOON);
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();
const NONE: SessionFilter = { includeDeleted: false };

/** A list over given sessions that counts how often the table is asked. */
const aList = async (sessions: readonly Session[]) => {
  const memory = makeMemoryEngine();
  let reads = 0;
  const engine: ItemEngine = {
    ...memory,
    query: (query) => {
      reads++;
      return memory.query(query);
    },
    getMany: (keys) => {
      reads++;
      return memory.getMany(keys);
    },
  };
  const store = makeTenantStore(engine, 'A');
  for (const after of sessions) {
    const waiter = { owner: after.id, adjustedMs: noon, ticket: after.id, since: NOON };
    const holder = { owner: after.id, token: 1, since: NOON };
    await store.commit([
      { kind: 'session', before: null, after },
      ...(after.status === 'queued' ? [{ kind: 'waiter-added', gate: 'sessions', waiter } as const] : []),
      ...(isUnderWay(after.status) ? [{ kind: 'holder-added', gate: 'sessions', holder } as const] : []),
    ]);
  }
  const list = makeListSessions({ store });
  const walk = async (filter: SessionFilter, limit: number) => {
    const ids: string[] = [];
    let pages = 0;
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await list({ filter, limit, after });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      ids.push(...page.items.map(({ session }) => session.id));
      after = page.next;
      pages++;
    }
    return { ids, pages };
  };
  return { store, list, walk, reads: () => reads };
};

/** The n-th session; ids grow with time. */
const made = (n: number, fields: Partial<Session> = {}): Session =>
  aSession({
    id: firstUlidOf(noon + n * 60_000).replace(/.$/, 'X'),
    createdAt: at(n),
    title: `Number ${n}`,
    ...fields,
  });

const fields: fc.Arbitrary<Partial<Session>> = fc.record({
  status: fc.constantFrom(...SESSION_STATUSES),
  priority: fc.constantFrom(...PRIORITIES),
  tags: fc.subarray(['a', 'b', 'c']),
  deletedAt: fc.option(fc.constant(NOON), { nil: undefined, freq: 4 }),
});
const filter: fc.Arbitrary<SessionFilter> = fc.record({
  statuses: fc.option(fc.subarray([...SESSION_STATUSES], { minLength: 1 }), { nil: undefined }),
  priorities: fc.option(fc.subarray([...PRIORITIES], { minLength: 1 }), { nil: undefined }),
  tags: fc.option(fc.subarray(['a', 'b']), { nil: undefined }),
  createdFrom: fc.option(fc.integer({ min: 0, max: 20 }).map(at), { nil: undefined }),
  createdTo: fc.option(fc.integer({ min: 0, max: 20 }).map(at), { nil: undefined }),
  includeDeleted: fc.boolean(),
});

describe('a list of sessions', () => {
  it('walked with limit 1, 2 or 100 holds exactly what its filters admit, newest first, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fields, { maxLength: 20 }), filter, async (all, wanted) => {
        const sessions = all.map((one, index) => made(index, one));
        const { walk } = await aList(sessions);
        const expected = sessions.filter((session) => matches(session, wanted)).map(({ id }) => id);
        for (const limit of [1, 2, 100]) expect((await walk(wanted, limit)).ids).toEqual(expected.toReversed());
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it('shows what each of them has cost, and nothing of one that never ran', async () => {
    const [one, two] = [made(1), made(2)];
    const { store, list } = await aList([one, two]);
    await store.commit([{ kind: 'session-live', before: null, after: someLive({ sessionId: one.id }) }]);
    const { items } = await list({ filter: NONE, limit: 10 });
    expect(items).toMatchObject([
      { session: two, live: undefined },
      { session: one, live: { sessionId: one.id } },
    ]);
  });

  it('of what waits or runs is walked in the order of creation, not of the queue, and without what has moved on', async () => {
    const statuses = ['queued', 'running', 'completed', 'queued', 'running'] as const;
    const sessions = statuses.map((status, n) => made(n, { status }));
    const { store, walk } = await aList(sessions);
    const [first, , done] = sessions;
    const holder = { owner: done?.id ?? '', token: 9, since: NOON };
    await store.commit([{ kind: 'holder-added', gate: 'sessions', holder }]);
    await store.commit([{ kind: 'holder-added', gate: 'sessions', holder: { ...holder, owner: first?.id ?? '' } }]);
    for (const limit of [1, 3]) {
      const { ids } = await walk({ ...NONE, statuses: ['queued', 'running', 'degraded'] }, limit);
      expect(ids).toEqual([4, 3, 1, 0].map((n) => sessions[n]?.id));
    }
  });

  it('of what waits goes on beyond what one read takes', async () => {
    const sessions = Array.from({ length: 250 }, (_, n) => made(n, { status: 'queued' }));
    const { walk } = await aList(sessions);
    const { ids } = await walk({ ...NONE, statuses: ['queued'], search: 'Number' }, 60);
    expect(ids).toEqual(sessions.map(({ id }) => id).toReversed());
  });

  it('looks at 500 sessions a request, however few of them match, and can be gone on with', async () => {
    const { list, walk, reads } = await aList(Array.from({ length: 1100 }, (_, n) => made(n)));
    const nothing = { ...NONE, search: 'nowhere' };
    const first = await list({ filter: nothing, limit: 10 });
    expect(first).toMatchObject({ items: [], next: made(600).id });
    expect(reads()).toBe(11);
    expect(await walk(nothing, 10)).toEqual({ ids: [], pages: 3 });
    expect((await walk({ ...NONE, search: 'Number 7 ' }, 10)).ids).toEqual([]);
    expect((await walk({ ...NONE, search: 'Number 999' }, 10)).ids).toEqual([made(999).id]);
  });

  it('of what runs or waits, or of a time, reads only what it must', async () => {
    const sessions = Array.from({ length: 400 }, (_, n) => made(n, { status: n === 3 ? 'running' : 'completed' }));
    const { list, reads } = await aList(sessions);
    const readsOf = async (wanted: Partial<SessionFilter>, count: number) => {
      const before = reads();
      expect((await list({ filter: { ...NONE, ...wanted }, limit: 20 })).items).toHaveLength(count);
      return reads() - before;
    };
    expect(await readsOf({}, 20)).toBe(3);
    expect(await readsOf({ statuses: ['running', 'queued'] }, 1)).toBe(4);
    expect(await readsOf({ statuses: ['running', 'paused'] }, 1)).toBe(11);
    expect(await readsOf({ createdTo: at(2) }, 2)).toBe(3);
    expect(await readsOf({ createdFrom: at(395) }, 5)).toBe(3);
  });
});
