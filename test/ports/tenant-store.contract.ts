import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { TenantStore } from '#application/ports/tenant-store';
import type { Write } from '#application/ports/write';
import { claim, close } from '#domain/assignment/lease';
import { release } from '#domain/assignment/release';
import type { LogLine } from '#domain/assignment/work-event';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import type { DomainEvent } from '#domain/event';
import { emptyGate } from '#domain/gate/gate';
import type { Wait } from '#domain/session/wait';
import type { Tenant } from '#domain/tenant/tenant';
import { aSession, aSessionInput, NOON, someLive } from '#test/support/a-session';
import { aResult, aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const noon = Date.parse(NOON);

const anEvent = (seq: number, stream: DomainEvent['stream'] = 'session:SESSION'): Write => ({
  kind: 'event',
  eventId: `event-${seq}`,
  event: { stream, seq, type: 'session.created', payload: { seq }, timestamp: NOON },
});

const lines = (first: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    logSeq: first + index,
    level: 'info',
    source: 'agent',
    message: `line ${first + index}`,
    loggedAt: NOON,
  }));

const aWait = (fields: Partial<Wait> = {}): Wait => ({
  sessionId: 'SESSION',
  run: 1,
  state: 'claim-slot',
  taskToken: 'token',
  since: NOON,
  ...fields,
});

const aTenant: Tenant = {
  id: 'A',
  name: 'Acme',
  slug: 'acme',
  status: 'active',
  version: 1,
  createdAt: NOON,
  createdBy: 'ADMIN',
  revision: 0,
};

const lostRace = (what: string) => expect.objectContaining({ constructor: ConcurrentUpdate, what });

/** What a tenant's store must do on every engine. `makeEngine` answers an empty one. */
export const tenantStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  const storeOf = async (tenantId = 'A'): Promise<TenantStore> => makeTenantStore(await makeEngine(), tenantId);
  const bothTenants = async () => {
    const engine = await makeEngine();
    return { a: makeTenantStore(engine, 'A'), b: makeTenantStore(engine, 'B'), engine };
  };

  describe('an entity', () => {
    const now = { session: aSession(), agent: anAgent(), work: aWorkItem(), live: someLive() };
    const gate = emptyGate('sessions', 1, 5);
    const holder = { owner: 'SESSION', token: 1, since: NOON };
    const attempt = { attempt: 1, run: 1, startedAt: NOON, automatic: false };
    const record = {
      digest: 'digest',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 201,
      body: '{}',
      expiresAt: NOON,
    };
    const cases: [string, Write, (store: TenantStore) => Promise<unknown>, unknown][] = [
      ['session', { kind: 'session', before: null, after: now.session }, (s) => s.getSession('SESSION'), now.session],
      [
        'input',
        { kind: 'session-input', sessionId: 'SESSION', input: aSessionInput() },
        (s) => s.findInput('SESSION'),
        aSessionInput(),
      ],
      [
        'live value',
        { kind: 'session-live', before: null, after: now.live },
        (s) => s.findLive('SESSION'),
        { ...now.live, revision: 1 },
      ],
      ['attempt', { kind: 'attempt', sessionId: 'SESSION', attempt }, (s) => s.findAttempt('SESSION', 1), attempt],
      [
        'result',
        { kind: 'result', sessionId: 'SESSION', attempt: 1, result: aResult() },
        (s) => s.findResult('SESSION', 1),
        aResult(),
      ],
      [
        'diff',
        { kind: 'diff', sessionId: 'SESSION', attempt: 1, diff: '--- a' },
        (s) => s.findDiff('SESSION', 1),
        '--- a',
      ],
      [
        'assignment',
        { kind: 'assignment', before: null, after: now.work },
        (s) => s.getAssignment('ASSIGNMENT'),
        { ...now.work, revision: 1 },
      ],
      [
        'agent',
        { kind: 'agent', before: null, after: now.agent },
        (s) => s.getAgent('AGENT'),
        { ...now.agent, revision: 1 },
      ],
      ['agent name', { kind: 'agent-name', name: 'RUNNER', agentId: 'AGENT' }, (s) => s.findAgentId('RUNNER'), 'AGENT'],
      ['gate', { kind: 'gate', before: null, after: gate }, (s) => s.findGate('sessions'), { ...gate, revision: 1 }],
      [
        'holder',
        { kind: 'holder-added', gate: 'sessions', holder },
        (s) => s.findHolder('sessions', 'SESSION'),
        holder,
      ],
      ['tenant', { kind: 'tenant', before: null, after: aTenant }, (s) => s.getTenant(), { ...aTenant, revision: 1 }],
      ['remembered answer', { kind: 'idempotency', record }, (s) => s.findIdempotency('digest'), record],
    ];

    it.each(cases)(
      '%s is read as it was written, without any attribute of the table',
      async (_, write, read, expected) => {
        const store = await storeOf();
        await store.commit([write]);
        expect(await read(store)).toStrictEqual(JSON.parse(JSON.stringify(expected)));
      },
    );

    it.each(cases)('%s of one tenant is never seen by another that asks for the same id', async (_, write, read) => {
      const { a, b } = await bothTenants();
      await a.commit([write]);
      const seen = await read(b).catch((error: unknown) => (error instanceof NotFound ? undefined : error));
      expect(seen).toBeUndefined();
    });

    it.each(cases)('%s of two tenants may have the same id, and neither moves the other', async (_, write, read) => {
      const { a, b } = await bothTenants();
      await a.commit([write]);
      const before = await read(a);
      await b.commit([write]);
      expect(await read(a)).toEqual(before);
    });

    it('that is unknown is not found', async () => {
      const store = await storeOf();
      await expect(store.getSession('X')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
      await expect(store.getAssignment('X')).rejects.toMatchObject({ code: 'ASSIGNMENT_NOT_FOUND' });
      await expect(store.getAgent('X')).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
      await expect(store.getTenant()).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
      expect(await store.findSession('X')).toBeUndefined();
      expect(await store.findAssignment('X')).toBeUndefined();
      expect(await store.findDiff('X', 1)).toBeUndefined();
      expect(await store.findAgentId('X')).toBeUndefined();
    });

    it('that is another one than its key says is refused as corrupt', async () => {
      const { a, engine } = await bothTenants();
      await a.commit([{ kind: 'session', before: null, after: aSession() }]);
      const key = { pk: 'T#A#S#SESSION', sk: 'SESSION' };
      const damaged = { ...(await engine.get(key)), ...key, entity: 'agent' };
      await engine.transact([{ put: damaged, condition: { kind: 'any' }, what: 'session' }]);
      await expect(a.findSession('SESSION')).rejects.toThrow('T#A#S#SESSION SESSION is not a session');
    });
  });

  describe('a commit', () => {
    it('made for a version that is not the stored one changes nothing and names it', async () => {
      const store = await storeOf();
      await store.commit([{ kind: 'session', before: null, after: aSession() }, anEvent(1)]);
      const stale = store.commit([
        anEvent(2),
        { kind: 'session', before: aSession({ version: 7 }), after: aSession({ version: 8, status: 'queued' }) },
      ]);
      await expect(stale).rejects.toEqual(lostRace('session'));
      expect(await store.getSession('SESSION')).toMatchObject({ version: 1, status: 'pending' });
      expect((await store.listEvents('SESSION', { afterSeq: 0, limit: 10 })).items).toHaveLength(1);
    });

    it('creates nothing twice', async () => {
      const store = await storeOf();
      const creations: Write[] = [
        { kind: 'session', before: null, after: aSession() },
        { kind: 'agent', before: null, after: anAgent() },
        { kind: 'agent-name', name: 'RUNNER', agentId: 'AGENT' },
        { kind: 'result', sessionId: 'SESSION', attempt: 1, result: aResult() },
        { kind: 'waiter-added', gate: 'sessions', waiter: { owner: 'S', adjustedMs: 1, ticket: 't', since: NOON } },
        anEvent(1),
      ];
      await store.commit(creations);
      for (const creation of creations) await expect(store.commit([creation])).rejects.toThrow(ConcurrentUpdate);
    });

    it('removes only holders and waiters that are there', async () => {
      const store = await storeOf();
      const holder = { owner: 'S', token: 1, since: NOON };
      const waiter = { owner: 'S', adjustedMs: 1, ticket: 't', since: NOON };
      const removals: Write[] = [
        { kind: 'holder-removed', gate: 'sessions', holder },
        { kind: 'waiter-removed', gate: 'sessions', waiter },
      ];
      await expect(store.commit(removals)).rejects.toEqual(lostRace('holder'));
      await store.commit([{ kind: 'holder-added', gate: 'sessions', holder }]);
      await expect(store.commit(removals)).rejects.toEqual(lostRace('waiter'));
      await store.commit([{ kind: 'waiter-added', gate: 'sessions', waiter }]);
      await store.commit(removals);
      expect(await store.findHolder('sessions', 'S')).toBeUndefined();
      expect(await store.firstWaiter('sessions')).toBeUndefined();
    });

    it('of a changed entity is seen by whoever read it before', async () => {
      const store = await storeOf();
      await store.commit([{ kind: 'agent', before: null, after: anAgent() }]);
      const seen = await store.getAgent('AGENT');
      await store.commit([{ kind: 'agent', before: seen, after: { ...seen, reserved: 1 } }]);
      await expect(store.commit([{ kind: 'agent', before: seen, after: seen }])).rejects.toEqual(lostRace('agent'));
      expect(await store.getAgent('AGENT')).toMatchObject({ reserved: 1, revision: 2 });
    });

    it('carries no index key over into an entity that has moved on', async () => {
      const { a, engine } = await bothTenants();
      await a.commit([{ kind: 'assignment', before: null, after: aWorkItem() }]);
      const pending = await a.getAssignment('ASSIGNMENT');
      const claimed = claim(pending, { agentId: 'AGENT', leaseSeconds: 30, deadlineAt: NOON, now: noon });
      await a.commit([{ kind: 'assignment', before: pending, after: claimed }]);
      const stored = await engine.get({ pk: 'T#A#N#ASSIGNMENT', sk: 'ASSIGNMENT' });
      expect(stored).toMatchObject({ gsi1pk: 'T#A#A#AGENT#N', gsi3pk: 'DUE#lease#0' });
      expect(stored).not.toHaveProperty('gsi2pk');
      expect(stored).not.toHaveProperty('gsi2sk');

      const held = await a.getAssignment('ASSIGNMENT');
      await a.commit([{ kind: 'assignment', before: held, after: close(held, 'completed', NOON) }]);
      const ended = Object.keys((await engine.get({ pk: 'T#A#N#ASSIGNMENT', sk: 'ASSIGNMENT' })) ?? {});
      expect(ended.filter((name) => name.startsWith('gsi')).sort()).toEqual(['gsi1pk', 'gsi1sk']);
    });
  });

  describe('the events of a session', () => {
    it('are listed oldest first, from behind a number, page by page', async () => {
      const store = await storeOf();
      await store.commit([1, 2, 3, 10].map((seq) => anEvent(seq)));
      const first = await store.listEvents('SESSION', { afterSeq: 1, limit: 2 });
      expect(first).toMatchObject({ items: [{ seq: 2, eventId: 'event-2' }, { seq: 3 }], next: '3' });
      const second = await store.listEvents('SESSION', { afterSeq: Number(first.next), limit: 2 });
      expect(second).toMatchObject({ items: [{ seq: 10 }], next: undefined });
      expect((await store.listEvents('SESSION', { afterSeq: 10, limit: 2 })).items).toEqual([]);
    });

    it('are not those of an agent, of another session or of another tenant', async () => {
      const { a, b } = await bothTenants();
      await a.commit([anEvent(1, 'agent:SESSION'), anEvent(1, 'session:OTHER'), anEvent(1)]);
      expect((await a.listEvents('SESSION', { afterSeq: 0, limit: 10 })).items).toHaveLength(1);
      expect((await b.listEvents('SESSION', { afterSeq: 0, limit: 10 })).items).toEqual([]);
    });

    it('of a stream without an aggregate are refused', async () => {
      const store = await storeOf();
      for (const stream of ['gate:G', 'session:', 'session'] as DomainEvent['stream'][])
        expect(() => store.commit([anEvent(1, stream)])).toThrow(`no partition for stream ${stream}`);
    });
  });

  describe('the log of an attempt', () => {
    const page = (first: number, count: number, attempt = 1): Write => ({
      kind: 'log-page',
      sessionId: 'SESSION',
      attempt,
      lines: lines(first, count),
    });
    const numbers = async (store: TenantStore, afterLogSeq: number, limit: number, attempt = 1) => {
      const { items, next } = await store.listLogs('SESSION', { attempt, afterLogSeq, limit });
      return { seqs: items.map(({ logSeq }) => logSeq), next };
    };

    it('is read across its pages, from the middle of one into the middle of another', async () => {
      const store = await storeOf();
      await store.commit([page(1, 3), page(4, 100), page(104, 1), page(105, 5)]);
      expect(await numbers(store, 0, 2)).toEqual({ seqs: [1, 2], next: '2' });
      expect(await numbers(store, 2, 3)).toEqual({ seqs: [3, 4, 5], next: '5' });
      expect(await numbers(store, 102, 4)).toEqual({ seqs: [103, 104, 105, 106], next: '106' });
      expect(await numbers(store, 106, 10)).toEqual({ seqs: [107, 108, 109], next: undefined });
      expect(await numbers(store, 109, 10)).toEqual({ seqs: [], next: undefined });
    });

    it('is read without the pages before it', async () => {
      const { a, engine } = await bothTenants();
      await a.commit(Array.from({ length: 50 }, (_, index) => page(1 + 2 * index, 2)));
      const read: number[] = [];
      const counting = {
        ...engine,
        query: async (query: Parameters<typeof engine.query>[0]) => {
          const found = await engine.query(query);
          read.push(found.length);
          return found;
        },
      };
      const { items } = await makeTenantStore(counting, 'A').listLogs('SESSION', {
        ...{ attempt: 1, afterLogSeq: 95, limit: 100 },
      });
      expect(items.map(({ logSeq }) => logSeq)).toEqual([96, 97, 98, 99, 100]);
      expect(read.reduce((sum, count) => sum + count, 0)).toBe(3);
    });

    it('yields each line once whatever the size of its pages', async () => {
      const store = await storeOf();
      await store.commit([...lines(1, 40).map(({ logSeq }) => page(logSeq, 1)), page(41, 100)]);
      const seen: number[] = [];
      let after: string | undefined = '0';
      while (after !== undefined) {
        const { seqs, next } = await numbers(store, Number(after), 7);
        seen.push(...seqs);
        after = next;
      }
      expect(seen).toEqual(lines(1, 140).map(({ logSeq }) => logSeq));
    });

    it('is not that of another attempt or another tenant', async () => {
      const { a, b } = await bothTenants();
      await a.commit([page(1, 2), page(1, 1, 2)]);
      expect((await numbers(a, 0, 10, 2)).seqs).toEqual([1]);
      expect((await numbers(b, 0, 10)).seqs).toEqual([]);
    });
  });

  describe('the wait of a session', () => {
    it('is the newest one of a run', async () => {
      const store = await storeOf();
      expect(await store.findWait('SESSION')).toBeUndefined();
      expect(await store.putWait(aWait())).toBe(true);
      expect(await store.putWait(aWait({ state: 'run-on-agent', taskToken: 'next' }))).toBe(true);
      expect(await store.findWait('SESSION')).toEqual(aWait({ state: 'run-on-agent', taskToken: 'next' }));
    });

    it('is that of the latest run: a later one replaces it, an earlier one does not', async () => {
      const store = await storeOf();
      await store.putWait(aWait());
      expect(await store.putWait(aWait({ run: 2, taskToken: 'later' }))).toBe(true);
      expect(await store.putWait(aWait({ run: 1, taskToken: 'earlier' }))).toBe(false);
      expect(await store.findWait('SESSION')).toEqual(aWait({ run: 2, taskToken: 'later' }));
    });

    it('is removed only by who knows it', async () => {
      const store = await storeOf();
      await store.putWait(aWait({ taskToken: 'mine' }));
      await store.removeWait(aWait({ taskToken: 'earlier' }));
      expect(await store.findWait('SESSION')).toMatchObject({ taskToken: 'mine' });
      await store.removeWait(aWait({ taskToken: 'mine' }));
      expect(await store.findWait('SESSION')).toBeUndefined();
      await store.removeWait(aWait({ taskToken: 'mine' }));
    });

    it('goes with the session that ends, whoever knows it and whether there is one', async () => {
      const store = await storeOf();
      const end: Write = { kind: 'wait-removed', sessionId: 'SESSION' };
      await store.commit([end, anEvent(1)]);
      await store.putWait(aWait());
      await store.commit([end, anEvent(2)]);
      expect(await store.findWait('SESSION')).toBeUndefined();
    });

    it('is not that of another tenant', async () => {
      const { a, b } = await bothTenants();
      await a.putWait(aWait({ run: 5 }));
      expect(await b.putWait(aWait({ taskToken: 'other' }))).toBe(true);
      await b.removeWait(aWait({ taskToken: 'other' }));
      expect(await a.findWait('SESSION')).toEqual(aWait({ run: 5 }));
      expect(await b.findWait('SESSION')).toBeUndefined();
    });
  });

  describe('the queues', () => {
    it('have the waiter with the earliest adjusted time first, then the earlier ticket', async () => {
      const { a, b } = await bothTenants();
      const waiter = (owner: string, adjustedMs: number, ticket: string): Write => ({
        kind: 'waiter-added',
        gate: 'sessions',
        waiter: { owner, adjustedMs, ticket, since: NOON },
      });
      await a.commit([waiter('late', noon, 'a'), waiter('second', noon - 1, 'b'), waiter('first', noon - 1, 'a')]);
      expect(await a.firstWaiter('sessions')).toMatchObject({ owner: 'first' });
      expect(await a.firstWaiter('other')).toBeUndefined();
      expect(await b.firstWaiter('sessions')).toBeUndefined();
      expect((await a.listWaiters('sessions', 10)).map(({ owner }) => owner)).toEqual(['first', 'second', 'late']);
      expect(await a.listWaiters('sessions', 1)).toMatchObject([{ owner: 'first' }]);
      expect(await a.listHolders('sessions')).toEqual([]);
    });

    it('stand beside those who are inside', async () => {
      const { a, b } = await bothTenants();
      const holders = ['S1', 'S2'].map((owner, index) => ({ owner, token: index + 1, since: NOON }));
      await a.commit(holders.map((holder) => ({ kind: 'holder-added', gate: 'sessions', holder })));
      expect(await a.listHolders('sessions')).toEqual(holders);
      expect(await a.listHolders('other')).toEqual([]);
      expect(await b.listHolders('sessions')).toEqual([]);
    });

    it('answer pending work in dispatch order, and none that is claimed or ended', async () => {
      const { a, b } = await bothTenants();
      const work = (id: string, queueKey: string) => aWorkItem({ id, queueKey });
      const taken = claim(work('N3', '0'), { agentId: 'AGENT', leaseSeconds: 30, deadlineAt: NOON, now: noon });
      await a.commit(
        [work('N1', '2'), work('N2', '1'), taken, close(work('N4', '0'), 'expired', NOON)].map(
          (after): Write => ({ kind: 'assignment', before: null, after }),
        ),
      );
      expect((await a.listPending(10)).map(({ id }) => id)).toEqual(['N2', 'N1']);
      expect((await a.listPending(1)).map(({ id }) => id)).toEqual(['N2']);
      expect((await a.listHeld('AGENT')).map(({ id }) => id)).toEqual(['N3']);
      expect((await a.listPending(10, '1')).map(({ id }) => id)).toEqual(['N1']);
      expect(await b.listPending(10)).toEqual([]);
      expect(await b.listHeld('AGENT')).toEqual([]);
    });

    it('answer what an agent was granted, open before ended, newest first, page by page', async () => {
      const { a, b } = await bothTenants();
      const grant = { agentId: 'AGENT', leaseSeconds: 30, deadlineAt: NOON, now: noon };
      const granted = ['N1', 'N2', 'N3', 'N4'].map((id) => claim(aWorkItem({ id }), grant));
      const ended = ['N2', 'N4'];
      const all = granted.map((one) => (ended.includes(one.id) ? close(one, 'completed', NOON) : one));
      const returned = release(claim(aWorkItem({ id: 'N5' }), grant), NOON);
      await a.commit([...all, returned].map((after): Write => ({ kind: 'assignment', before: null, after })));
      const list = async (query: Parameters<typeof a.listGranted>[1]) => {
        const { items, next } = await a.listGranted('AGENT', query);
        return { ids: items.map(({ id }) => id), next };
      };
      expect(await list({ limit: 10 })).toEqual({ ids: ['N3', 'N1', 'N4', 'N2'], next: undefined });
      expect((await list({ limit: 10, open: true })).ids).toEqual(['N3', 'N1']);
      expect((await list({ limit: 10, open: false })).ids).toEqual(['N4', 'N2']);
      const first = await list({ limit: 3 });
      expect(first.ids).toEqual(['N3', 'N1', 'N4']);
      expect((await list({ limit: 3, after: first.next })).ids).toEqual(['N2']);
      expect((await a.listHeld('AGENT')).map(({ id }) => id)).toEqual(['N1', 'N3']);
      expect((await b.listGranted('AGENT', { limit: 10 })).items).toEqual([]);
    });

    it('answer work that is routed to an agent as its own while it is pending', async () => {
      const { a } = await bothTenants();
      const routed = aWorkItem({ id: 'N1', queueKey: '1', routedAgentId: 'AGENT', routedAt: NOON });
      await a.commit([{ kind: 'assignment', before: null, after: routed }]);
      expect((await a.listHeld('AGENT')).map(({ id }) => id)).toEqual(['N1']);
      expect((await a.listPending(10)).map(({ id }) => id)).toEqual(['N1']);
    });
  });

  describe('the agents of a tenant', () => {
    it('are counted against their quota, one change after the other', async () => {
      const { a, b } = await bothTenants();
      expect(await a.findAgentQuota()).toBeUndefined();
      const quota = { limit: 5, used: 1, revision: 0 };
      await a.commit([{ kind: 'agent-quota', before: null, after: quota }]);
      const stored = (await a.findAgentQuota()) ?? expect.fail();
      expect(stored).toMatchObject({ limit: 5, used: 1 });
      await a.commit([{ kind: 'agent-quota', before: stored, after: { ...stored, used: 2 } }]);
      const late: Write = { kind: 'agent-quota', before: stored, after: { ...stored, used: 2 } };
      await expect(a.commit([late])).rejects.toMatchObject({ what: 'agent-quota' });
      expect(await a.findAgentQuota()).toMatchObject({ used: 2 });
      expect(await b.findAgentQuota()).toBeUndefined();
    });

    it('are listed newest first, page by page, and without those of another tenant', async () => {
      const { a, b } = await bothTenants();
      const agents = ['01', '02', '03'].map((id) => anAgent({ id, tenantId: a.tenantId }));
      for (const after of agents) await a.commit([{ kind: 'agent', before: null, after }]);
      await b.commit([{ kind: 'agent', before: null, after: anAgent({ id: '09', tenantId: b.tenantId }) }]);
      const first = await a.listAgents({ limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(['03', '02']);
      const second = await a.listAgents({ limit: 2, after: first.next });
      expect(second.items.map(({ id }) => id)).toEqual(['01']);
      expect(second.next).toBeUndefined();
    });
  });
};
