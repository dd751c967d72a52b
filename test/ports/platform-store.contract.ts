import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeCredentialStore, makeDueWork, makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { Write } from '#application/ports/write';
import { claim } from '#domain/assignment/lease';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import { emptyGate } from '#domain/gate/gate';
import type { Session } from '#domain/session/session';
import { onTheWay } from '#domain/session/wait';
import type { Tenant } from '#domain/tenant/tenant';
import { aSession, NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const noon = Date.parse(NOON);

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

const LATER = '2026-05-05T12:00:00.000Z';
const lostRace = (what: string) => expect.objectContaining({ constructor: ConcurrentUpdate, what });

/** What the platform's own stores must do on every engine. `makeEngine` answers an empty one. */
export const platformStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  const bothTenants = async () => {
    const engine = await makeEngine();
    return { a: makeTenantStore(engine, 'A'), b: makeTenantStore(engine, 'B'), engine };
  };

  describe('the platform', () => {
    it('finds the leases of all tenants that are due, and no others', async () => {
      const { a, b, engine } = await bothTenants();
      const leased = (id: string, leaseSeconds: number): Write => ({
        kind: 'assignment',
        before: null,
        after: claim(aWorkItem({ id }), { agentId: 'AGENT', leaseSeconds, deadlineAt: LATER, now: noon }),
      });
      await a.commit([leased('N1', 30), leased('N2', 31)]);
      await b.commit([leased('N1', 10)]);
      const due = await makeDueWork(engine).dueLeases(new Date(noon + 30_000).toISOString(), 10);
      expect(due).toEqual([
        { tenantId: 'B', assignmentId: 'N1' },
        { tenantId: 'A', assignmentId: 'N1' },
      ]);
      expect(await makeDueWork(engine).dueLeases(new Date(noon + 30_000).toISOString(), 1)).toHaveLength(1);
    });

    it('finds the agents of all tenants that are due to be looked at, and no others', async () => {
      const { a, b, engine } = await bothTenants();
      const agent = (id: string, seconds: number): Write => ({
        kind: 'agent',
        before: null,
        after: anAgent({ id, dueAt: new Date(noon + seconds * 1000).toISOString() }),
      });
      await a.commit([agent('A1', 30), agent('A2', 31)]);
      await b.commit([agent('A1', 10), { kind: 'agent', before: null, after: anAgent({ id: 'A3' }) }]);
      expect(await makeDueWork(engine).dueAgents(new Date(noon + 30_000).toISOString(), 10)).toEqual([
        { tenantId: 'B', agentId: 'A1' },
        { tenantId: 'A', agentId: 'A1' },
      ]);
    });

    it('finds the gates of all tenants that are due to be recounted, and no others', async () => {
      const { a, b, engine } = await bothTenants();
      const gate = (name: string, seconds: number): Write => {
        const dueAt = new Date(noon + seconds * 1000).toISOString();
        return { kind: 'gate', before: null, after: { ...emptyGate(name, 1, 1), dueAt } };
      };
      await a.commit([gate('sessions', 30), gate('other', 31)]);
      await b.commit([gate('sessions', 10), { kind: 'gate', before: null, after: emptyGate('never', 1, 1) }]);
      expect(await makeDueWork(engine).dueGates(new Date(noon + 30_000).toISOString(), 10)).toEqual([
        { tenantId: 'B', gate: 'sessions' },
        { tenantId: 'A', gate: 'sessions' },
      ]);
    });

    it('finds each tenant with work that nobody has or is kept for once, in their order', async () => {
      const { a, b, engine } = await bothTenants();
      const waiting = (id: string): Write => ({ kind: 'assignment', before: null, after: aWorkItem({ id }) });
      const taken = claim(aWorkItem({ id: 'N4' }), {
        agentId: 'AGENT',
        leaseSeconds: 30,
        deadlineAt: LATER,
        now: noon,
      });
      const tenants = (limit: number) => makeDueWork(engine).tenantsWithWaitingWork(limit);
      expect(await tenants(10)).toEqual([]);
      await b.commit([waiting('N1'), { kind: 'assignment', before: null, after: taken }]);
      expect(await tenants(10)).toEqual(['B']);
      await a.commit([waiting('N1'), waiting('N2')]);
      expect(await tenants(10)).toEqual(['A', 'B']);
      expect(await tenants(1)).toEqual(['A']);
      const routed = aWorkItem({ id: 'N1', routedAgentId: 'AGENT', routedAt: NOON });
      await b.commit([{ kind: 'assignment', before: { ...aWorkItem({ id: 'N1' }), revision: 1 }, after: routed }]);
      expect(await tenants(10)).toEqual(['A']);
    });

    it('finds the drivers of all tenants that are due, and no longer once they have come to a wait', async () => {
      const { a, b, engine } = await bothTenants();
      const due = (seconds: number) => makeDueWork(engine).dueWaits(new Date(noon + seconds * 1000).toISOString(), 10);
      await a.putWait(onTheWay({ sessionId: 'S1', run: 1 }, noon));
      await b.putWait(onTheWay({ sessionId: 'S2', run: 1 }, noon + 1000));
      expect(await due(119)).toEqual([]);
      expect(await due(120)).toEqual([{ tenantId: 'A', sessionId: 'S1' }]);
      expect(await due(121)).toHaveLength(2);
      await a.putWait({ sessionId: 'S1', run: 1, state: 'run-on-agent', taskToken: 'token', since: NOON });
      expect(await due(121)).toEqual([{ tenantId: 'B', sessionId: 'S2' }]);
    });

    it('finds the deleted sessions of all tenants that are to be erased, until they are', async () => {
      const { a, b, engine } = await bothTenants();
      const deleted = (fields: Partial<Session>): Write[] => {
        const after = aSession({ deletedAt: NOON, ...fields });
        return [{ kind: 'session', before: null, after }];
      };
      await a.commit(deleted({ id: 'S1' }));
      await a.commit(deleted({ id: 'S2', deletedAt: LATER }));
      await a.commit(deleted({ id: 'S3', deletedAt: undefined }));
      await b.commit(deleted({ id: 'S1' }));
      const due = (day: number) => makeDueWork(engine).dueErasures(new Date(noon + day * 86_400_000).toISOString(), 10);
      expect(await due(89.99)).toEqual([]);
      expect(await due(90)).toEqual([
        { tenantId: 'A', sessionId: 'S1' },
        { tenantId: 'B', sessionId: 'S1' },
      ]);
      const session = (await a.findSession('S1')) ?? expect.fail();
      await a.commit([{ kind: 'session-erased', session }]);
      expect(await due(90)).toEqual([{ tenantId: 'B', sessionId: 'S1' }]);
      expect(await due(91)).toHaveLength(2);
      await expect(a.commit([{ kind: 'session-erased', session }])).rejects.toEqual(lostRace('session'));
    });

    it('erases what stands beside the head of a session, so many items at once, and of no other', async () => {
      const { a, b } = await bothTenants();
      const input = { prompt: 'x', agentConfig: {}, metadata: {} };
      const write = (sessionId: string): Write[] => [
        { kind: 'session', before: null, after: aSession({ id: sessionId }) },
        { kind: 'session-input', sessionId, input },
        ...[1, 2, 3].map(
          (attempt): Write => ({
            kind: 'attempt',
            sessionId,
            attempt: { attempt, run: 1, startedAt: NOON, automatic: false },
          }),
        ),
      ];
      await a.commit([...write('S1'), ...write('S2')]);
      await b.commit(write('S1'));
      expect(await a.erasePartsOf('S1', 3)).toBe(3);
      expect(await a.erasePartsOf('S1', 3)).toBe(1);
      expect(await a.erasePartsOf('S1', 3)).toBe(0);
      expect(await a.findSession('S1')).toMatchObject({ id: 'S1' });
      expect(await a.findInput('S1')).toBeUndefined();
      for (const [store, id] of [[a, 'S2'] as const, [b, 'S1'] as const]) {
        expect(await store.findInput(id)).toMatchObject(input);
        expect((await store.listAttempts(id, { limit: 9 })).items).toHaveLength(3);
      }
    });

    it('finds a credential by its public id until it is removed', async () => {
      const { a, b, engine } = await bothTenants();
      const credential = {
        credentialId: 'id',
        digest: 'digest',
        principal: { kind: 'agent', id: 'AGENT', tenantId: 'A' } as const,
        expiresAt: NOON,
        revision: 1,
      };
      await a.commit([{ kind: 'credential', credential }]);
      expect(await makeCredentialStore(engine).findCredential('id')).toStrictEqual(credential);
      await expect(a.commit([{ kind: 'credential', credential }])).rejects.toEqual(lostRace('credential'));
      const byAnother = b.commit([{ kind: 'credential-removed', credentialId: 'id' }]);
      await expect(byAnother).rejects.toEqual(lostRace('credential'));
      await a.commit([{ kind: 'credential-removed', credentialId: 'id' }]);
      await a.commit([{ kind: 'credential-removed', credentialId: 'id' }]);
      expect(await makeCredentialStore(engine).findCredential('id')).toBeUndefined();
    });

    it('commits for several tenants all or nothing', async () => {
      const { a, b, engine } = await bothTenants();
      const ledger = makePlatformLedger(engine);
      const groups = (slug: string) => [
        { tenantId: 'A', writes: [{ kind: 'tenant', before: null, after: aTenant } as const] },
        { tenantId: 'B', writes: [{ kind: 'slug', slug, tenantId: 'B' } as const] },
      ];
      await b.commit([{ kind: 'slug', slug: 'taken', tenantId: 'B' }]);
      await expect(ledger.commitAll(groups('taken'))).rejects.toEqual(lostRace('slug'));
      await expect(a.getTenant()).rejects.toThrow(NotFound);
      await ledger.commitAll(groups('free'));
      expect(await a.getTenant()).toMatchObject({ name: 'Acme' });
    });

    it('keeps people, keys and remembered answers with their time to live in seconds', async () => {
      const { a, engine } = await bothTenants();
      const record = {
        digest: 'digest',
        bodyHash: 'hash',
        rememberedAt: '2026-01-01T00:00:00.000Z',
        status: 201,
        body: '{}',
        expiresAt: NOON,
      };
      const person = {
        tenantId: 'A',
        id: 'U',
        email: 'a@b',
        fullName: 'A',
        role: 'lead',
        createdAt: NOON,
        revision: 1,
      } as const;
      const apiKey = {
        tenantId: 'A',
        id: 'K',
        credentialId: 'id',
        name: 'key',
        role: 'runner',
        createdAt: NOON,
        createdBy: 'U',
        expiresAt: NOON,
        revision: 1,
      } as const;
      await a.commit([
        { kind: 'idempotency', record },
        { kind: 'user', user: person },
        { kind: 'api-key', apiKey },
      ]);
      expect(await engine.get({ pk: 'T#A#I#digest', sk: 'IDEMPOTENCY' })).toMatchObject({ ttl: noon / 1000 });
      expect(await engine.get({ pk: 'T#A', sk: 'USER#U' })).toMatchObject(person);
      expect(await engine.get({ pk: 'T#A', sk: 'KEY#K' })).toMatchObject(apiKey);
    });
  });
};
