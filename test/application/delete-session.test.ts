import { describe, expect, it } from 'vitest';
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
