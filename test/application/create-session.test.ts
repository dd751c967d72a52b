import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeCreateSession } from '#application/create-session';
import { InvalidInput, NotFound, QuotaExceeded } from '#domain/errors';
import type { Session } from '#domain/session/session';
import { aSession, aSessionInput } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

const rememberAs = (digest: string) => (session: Session) => ({
  digest,
  bodyHash: 'hash',
  rememberedAt: '2026-01-01T00:00:00.000Z',
  status: 201,
  body: session.id,
  expiresAt: '2026-05-05T12:00:00.000Z',
});

describe('creating a session', () => {
  it('stores it pending, with its input and the event that it exists, and takes no slot', async () => {
    const { create, store, eventsOf, holders } = await aWorld();
    const session = await create({ title: 'Count', input: { prompt: 'Count to three.' } });
    expect(session).toMatchObject({ tenantId: 'A', version: 1, status: 'pending', run: 0, title: 'Count' });
    expect(await store.getSession(session.id)).toEqual(session);
    expect(await store.findInput(session.id)).toMatchObject({ prompt: 'Count to three.' });
    expect((await eventsOf(session.id)).map(({ type }) => type)).toEqual(['session.created']);
    expect(holders()).toEqual([]);
  });

  it('and starting it is one change: two events, and the slot is taken', async () => {
    const { create, eventsOf, holders, internals } = await aWorld();
    const session = await create({ start: true });
    expect(session).toMatchObject({ version: 2, status: 'queued', run: 1 });
    expect((await eventsOf(session.id)).map(({ type }) => type)).toEqual(['session.created', 'session.status_changed']);
    expect(holders()).toEqual([session.id]);
    expect(internals()).toEqual([{ consumers: ['start-execution'], run: { sessionId: session.id, number: 1 } }]);
  });

  it('started while the only slot is taken queues it behind the holder', async () => {
    const { create, running, gate, holders, waiters } = await aWorld({ limit: 1 });
    const first = await running();
    const second = await create({ start: true });
    expect(second).toMatchObject({ status: 'queued', version: 2 });
    expect(holders()).toEqual([first.id]);
    expect(waiters()).toEqual([second.id]);
    expect(await gate()).toMatchObject({ held: 1, waiting: 1 });
  });

  it('that would have to wait, with `reject`, is refused and nothing exists', async () => {
    const { create, everything } = await aWorld({ limit: 1 });
    await create({ start: true });
    const before = everything();
    const refused = create({ start: true, onQuota: 'reject' });
    await expect(refused).rejects.toThrow(QuotaExceeded);
    await expect(refused).rejects.toMatchObject({ extras: { resource: 'concurrent_sessions', limit: 1, used: 1 } });
    expect(everything()).toEqual(before);
  });

  it('with `reject` is admitted while a slot is free', async () => {
    const { create, holders } = await aWorld({ limit: 1 });
    const { id } = await create({ start: true, onQuota: 'reject' });
    expect(holders()).toEqual([id]);
  });

  it('when the queue is full is refused and nothing exists', async () => {
    const { create, everything } = await aWorld({ limit: 1, maxWaiting: 1 });
    await create({ start: true });
    await create({ start: true });
    const before = everything();
    await expect(create({ start: true })).rejects.toMatchObject({ extras: { resource: 'queued_sessions' } });
    expect(everything()).toEqual(before);
  });

  it('remembers the answer in the same change, started or not', async () => {
    const { create, store } = await aWorld();
    const pending = await create({ remember: rememberAs('one') });
    const started = await create({ remember: rememberAs('two'), start: true });
    expect(await store.findIdempotency('one')).toMatchObject({ body: pending.id });
    expect(await store.findIdempotency('two')).toMatchObject({ body: started.id });
  });

  it('twice under one idempotency key creates one session, and the second is told at once', async () => {
    const { create, store, items } = await aWorld();
    const { id } = await create({ remember: rememberAs('key'), start: true });
    await expect(create({ remember: rememberAs('key'), start: true })).rejects.toMatchObject({ what: 'idempotency' });
    expect(items('session').map((session) => session['id'])).toEqual([id]);
    expect(items('holder')).toHaveLength(1);
    expect(await store.findIdempotency('key')).toMatchObject({ body: id });
  });

  it('below a parent names it and its root', async () => {
    const { create } = await aWorld();
    const root = await create();
    const child = await create({ parentId: root.id });
    const grandchild = await create({ parentId: child.id });
    expect(grandchild).toMatchObject({ parentId: child.id, rootId: root.id, depth: 2 });
  });

  it('below an unknown parent, or one of another tenant, finds none', async () => {
    const world = await aWorld();
    const foreign = await (await world.addTenant('B')).create();
    await expect(world.create({ parentId: 'unknown' })).rejects.toThrow(NotFound);
    await expect(world.create({ parentId: foreign.id })).rejects.toThrow(NotFound);
  });

  it('more than ten levels below its root is refused', async () => {
    const { create } = await aWorld();
    let parent = await create();
    for (let level = 1; level <= 10; level++) parent = await create({ parentId: parent.id });
    await expect(create({ parentId: parent.id })).rejects.toThrow(InvalidInput);
  });

  it('that loses a race for the gate decides anew', async () => {
    const { create, engine, holders, waiters } = await aWorld({ limit: 1 });
    engine.before('gate', () => create({ start: true, title: 'faster' }));
    const slower = await create({ start: true, title: 'slower' });
    expect(waiters()).toEqual([slower.id]);
    expect(holders()).not.toContain(slower.id);
  });

  it('needs the gate that every tenant is made with', async () => {
    const world = await aWorld();
    const createWithoutGate = makeCreateSession({ ...world, store: makeTenantStore(world.engine, 'NOBODY') });
    const fields = aSession();
    const creation = createWithoutGate({
      fields,
      input: aSessionInput(),
      start: true,
      onQuota: 'queue',
      actor: person,
    });
    await expect(creation).rejects.toThrow('the tenant has no gate for its sessions');
  });
});
