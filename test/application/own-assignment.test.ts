import { describe, expect, it } from 'vitest';
import { ownAssignment } from '#application/own-assignment';
import type { Assignment } from '#domain/assignment/assignment';
import { StaleFencingToken } from '#domain/assignment/errors';
import { close } from '#domain/assignment/lease';
import { NotFound } from '#domain/errors';
import { backOffLive } from '#domain/session/live';
import { NOON } from '#test/support/a-session';
import { aWorld } from '#test/support/world';

/** An agent whose lease ran out, and what the session's work has become since. */
const anExpired = async (next?: Partial<Assignment>) => {
  const world = await aWorld();
  const { session, granted } = await world.working();
  const { store } = world;
  const held = await store.getAssignment(granted.assignment.id);
  const live = await store.findLive(session.id);
  if (live === undefined) throw new Error('no live values');
  await store.commit([{ kind: 'assignment', before: held, after: close(held, 'expired', NOON) }]);
  if (next) {
    const { agentId: _agent, ...work } = held;
    const replacement: Assignment = { ...work, id: 'NEXT', state: 'pending', revision: 0, ...next };
    await store.commit([
      { kind: 'assignment', before: null, after: replacement },
      { kind: 'session-live', before: live, after: { ...live, assignmentId: 'NEXT' } },
    ]);
  }
  return () => ownAssignment(store, held.agentId ?? '', held.id);
};

describe("an agent's assignment that has expired", () => {
  it('is told as it is while nobody else was granted the work', async () => {
    expect(await (await anExpired())()).toMatchObject({ state: 'expired' });
    expect(await (await anExpired({ fencingToken: 1 }))()).toMatchObject({ state: 'expired' });
  });

  it('is stale as soon as somebody else was', async () => {
    await expect((await anExpired({ fencingToken: 2, state: 'claimed', agentId: 'OTHER' }))()).rejects.toThrow(
      StaleFencingToken,
    );
  });

  it('says nothing of another attempt', async () => {
    expect(await (await anExpired({ fencingToken: 2, attempt: 2 }))()).toMatchObject({ state: 'expired' });
  });

  it('is told as it is between two attempts, when the session has no work', async () => {
    const world = await aWorld();
    const { session, granted } = await world.working();
    const held = await world.store.getAssignment(granted.assignment.id);
    const live = (await world.store.findLive(session.id)) ?? expect.fail();
    await world.store.commit([
      { kind: 'assignment', before: held, after: close(held, 'expired', NOON) },
      { kind: 'session-live', before: live, after: backOffLive(live, Date.parse(NOON)) },
    ]);
    expect(await ownAssignment(world.store, held.agentId ?? '', held.id)).toMatchObject({ state: 'expired' });
  });

  it('is unknown to every other agent', async () => {
    const world = await aWorld();
    const { granted } = await world.working();
    await expect(ownAssignment(world.store, 'OTHER', granted.assignment.id)).rejects.toThrow(NotFound);
  });
});
