import { describe, expect, it } from 'vitest';
import { makeListSessions } from '#application/list-sessions';
import { readSession } from '#application/session-view';
import { NotFound, PreconditionFailed } from '#domain/errors';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import { SESSION_STATUSES } from '#domain/session/status';
import { aWorld, person } from '#test/support/world';

const DELETABLE = 'pending completed partially_completed failed timeout stopped cancelled orphaned'.split(' ');

describe('deleting a session', () => {
  it.each(SESSION_STATUSES)('in status %s is done or refused, as the status says', async (status) => {
    const { create, deleteSession, store, everything } = await aWorld();
    const before = await create();
    await store.commit([{ kind: 'session', before, after: { ...before, status, version: 2 } }]);
    const stored = everything();
    const deleted = deleteSession({ sessionId: before.id });
    if (DELETABLE.includes(status)) expect(await deleted).toMatchObject({ status, version: 3 });
    else {
      await expect(deleted).rejects.toThrow(OperationNotAllowed);
      expect(everything()).toEqual(stored);
    }
  });

  it('makes it unknown to everybody, and keeps it for whoever asks for deleted ones', async () => {
    const world = await aWorld();
    const { create, store, clock, eventsOf } = world;
    const { id } = await create();
    await world.deleteSession({ sessionId: id });
    await expect(readSession(store, id)).rejects.toThrow(NotFound);
    await expect(world.startSession({ sessionId: id, onQuota: 'queue', actor: person })).rejects.toThrow(NotFound);
    await expect(world.cancelSession({ sessionId: id, actor: person })).rejects.toThrow(NotFound);
    await expect(world.updateSession({ sessionId: id, patch: { title: 'Other' } })).rejects.toThrow(NotFound);
    await expect(create({ parentId: id })).rejects.toThrow(NotFound);
    const { session } = await readSession(store, id, { includeDeleted: true });
    expect(session).toMatchObject({ id, deletedAt: new Date(clock.now()).toISOString(), version: 2 });
    expect((await eventsOf(id)).at(-1)).toEqual({ type: 'session.deleted', payload: { session_id: id } });
  });

  it('twice, of another tenant, of nobody or at an old version is refused', async () => {
    const { create, deleteSession, addTenant } = await aWorld();
    const other = await addTenant('B');
    const { id } = await create();
    await expect(deleteSession({ sessionId: id, ifVersion: 2 })).rejects.toThrow(PreconditionFailed);
    await expect(other.deleteSession({ sessionId: id })).rejects.toThrow(NotFound);
    await expect(deleteSession({ sessionId: 'unknown' })).rejects.toThrow(NotFound);
    await deleteSession({ sessionId: id });
    await expect(deleteSession({ sessionId: id })).rejects.toThrow(NotFound);
  });

  it('takes it from the children of its parent, also of a deleted one', async () => {
    const { create, deleteSession, store, ...world } = await aWorld();
    const parent = await create();
    const [first, second] = [await create({ parentId: parent.id }), await create({ parentId: parent.id })];
    const childCount = async () => (await readSession(store, parent.id, { includeDeleted: true })).session.childCount;
    expect(await childCount()).toBe(2);
    expect(await store.getSession(parent.id)).toMatchObject({ version: 1 });
    await deleteSession({ sessionId: first.id });
    expect(await childCount()).toBe(1);
    await deleteSession({ sessionId: parent.id, ifVersion: 1 });
    await deleteSession({ sessionId: second.id });
    expect(await childCount()).toBe(0);
    expect((await world.eventsOf(parent.id)).map(({ type }) => type)).toEqual(['session.created', 'session.deleted']);
  });

  it('makes roots of its children, unless deleted ones are shown', async () => {
    const { create, deleteSession, store } = await aWorld();
    const parent = await create();
    const child = await create({ parentId: parent.id });
    const roots = async (includeDeleted: boolean) => {
      const filter = { parentIds: ['none'], includeDeleted };
      return (await makeListSessions({ store })({ filter, limit: 9 })).items.map(({ session }) => session.id);
    };
    expect(await roots(false)).toEqual([parent.id]);
    await deleteSession({ sessionId: parent.id });
    expect(await roots(false)).toEqual([child.id]);
    expect(await roots(true)).toEqual([parent.id]);
    expect(await store.getSession(child.id)).toMatchObject({ parentId: parent.id });
  });

  it('while it gets a child: the child comes before the deletion, or not at all', async () => {
    const world = await aWorld();
    const parent = await world.create();
    world.engine.before('session', () => world.deleteSession({ sessionId: parent.id }));
    await expect(world.create({ parentId: parent.id })).rejects.toThrow(NotFound);
    expect(world.items('session')).toHaveLength(1);

    const other = await world.create();
    world.engine.before('session', () => world.create({ parentId: other.id }));
    await world.deleteSession({ sessionId: other.id });
    expect(world.items('session').find(({ id }) => id === other.id)).toMatchObject({
      childCount: 1,
      deletedAt: expect.any(String),
    });
  });

  it('and starting it at the same moment: exactly one of them happens', async () => {
    const started = await aWorld();
    const one = await started.create();
    started.engine.before('session', () =>
      started.startSession({ sessionId: one.id, onQuota: 'queue', actor: person }),
    );
    await expect(started.deleteSession({ sessionId: one.id })).rejects.toThrow(OperationNotAllowed);
    expect(await started.store.getSession(one.id)).toMatchObject({ status: 'queued' });

    const deleted = await aWorld();
    const two = await deleted.create();
    deleted.engine.before('session', () => deleted.deleteSession({ sessionId: two.id }));
    const start = deleted.startSession({ sessionId: two.id, onQuota: 'queue', actor: person });
    await expect(start).rejects.toThrow(NotFound);
    expect(deleted.holders()).toEqual([]);
  });
});
