import { describe, expect, it } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { ObjectName } from '#application/ports/object-store';
import { readSession } from '#application/session-view';
import { makeSweepErasures } from '#application/sweep-erasures';
import type { Artifact } from '#domain/artifact/artifact';
import { NotFound } from '#domain/errors';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { aWorld, person, type World } from '#test/support/world';

const DAY = 86_400;
const nothing = { erased: 0, begun: 0 };

const anArtifact = (sessionId: string, id: string): Artifact => ({
  id,
  sessionId,
  attempt: 1,
  assignmentId: 'N',
  path: `out/${id}`,
  sizeBytes: 3,
  mimeType: 'text/plain',
  sha256: 'digest',
  createdAt: NOON,
  revision: 1,
});

/** A session with something of everything, ended and deleted; another one beside it. */
const aDeletedSession = async (world: World, files = 2) => {
  const { store, objects } = world;
  const other = await world.create();
  const { session, granted } = await world.working();
  const { id } = session;
  await store.commit([
    { kind: 'log-page', sessionId: id, attempt: 1, lines: [] },
    { kind: 'diff', sessionId: id, attempt: 1, diff: 'diff' },
    { kind: 'assignment', before: null, after: aWorkItem({ id: 'OLD' }) },
    {
      kind: 'attempt',
      sessionId: id,
      attempt: { attempt: 9, run: 1, startedAt: NOON, automatic: true, assignmentIds: ['OLD'] },
    },
  ]);
  await objects.of('A').writeText({ sessionId: id, id: 'left over' }, 'named by nothing');
  for (let n = 0; n < files; n++) {
    const artifact = anArtifact(id, `FILE${n}`);
    await store.commit([{ kind: 'artifact', before: null, after: artifact }]);
    objects.put((await objects.of('A').presignUpload(artifact, 1)).url, 'abc');
  }
  await world.cancelSession({ sessionId: id, actor: person });
  await world.deleteSession({ sessionId: id });
  return { id, other, assignment: granted.assignment };
};

const partsOf = (world: World, id: string) => world.everything().filter(({ pk }) => pk.endsWith(`#S#${id}`));

describe('a deleted session', () => {
  it('is erased after 90 days, with its files and assignments, and not a moment before', async () => {
    const world = await aWorld();
    const { id, other, assignment } = await aDeletedSession(world);
    const kept = partsOf(world, id).length;
    world.clock.advance(90 * DAY - 1);
    expect(await world.sweepErasures()).toEqual(nothing);
    expect(partsOf(world, id)).toHaveLength(kept);
    expect((await readSession(world.store, id, { includeDeleted: true })).session.id).toBe(id);
    world.clock.advance(1);
    expect(await world.sweepErasures()).toEqual({ erased: 1, begun: 0 });
    expect(partsOf(world, id)).toEqual([]);
    expect(world.objects.names()).toEqual([]);
    expect(await world.store.findAssignment(assignment.id)).toBeUndefined();
    expect(await world.store.findAssignment('OLD')).toBeUndefined();
    await expect(readSession(world.store, id, { includeDeleted: true })).rejects.toThrow(NotFound);
    expect(await world.store.getSession(other.id)).toMatchObject({ id: other.id });
    expect(await world.sweepErasures()).toEqual(nothing);
  });

  it('that is too large for one pass goes on in the next, its head the last of all', async () => {
    const world = await aWorld();
    const { id } = await aDeletedSession(world);
    for (let attempt = 10; attempt < 600; attempt++)
      await world.store.commit([{ kind: 'diff', sessionId: id, attempt, diff: 'diff' }]);
    world.clock.advance(90 * DAY);
    expect(await world.sweepErasures()).toEqual({ erased: 0, begun: 1 });
    expect(partsOf(world, id).some(({ sk }) => sk === 'SESSION')).toBe(true);
    expect(await world.sweepErasures()).toEqual({ erased: 1, begun: 0 });
    expect(partsOf(world, id)).toEqual([]);
  });

  it('keeps its place in the sweep when its files cannot be removed, and disturbs no other', async () => {
    const world = await aWorld();
    const { id } = await aDeletedSession(world, 30);
    const { id: plain } = await world.create();
    await world.deleteSession({ sessionId: plain });
    world.clock.advance(90 * DAY);
    const { engine, clock, objects } = world;
    let left = 3;
    const remove = async (name: ObjectName) => {
      if (left-- === 0) throw new Error('object storage does not answer');
      await objects.of('A').remove(name);
    };
    const storeOf = (tenantId: string) => makeTenantStore(engine, tenantId);
    const failing = makeSweepErasures({
      due: makeDueWork(engine),
      storeOf,
      clock,
      objectsOf: () => ({ ...objects.of('A'), remove }),
    });
    await expect(failing()).rejects.toThrow('1 of 2 could not be looked at');
    expect(partsOf(world, plain)).toEqual([]);
    expect(await world.sweepErasures()).toEqual({ erased: 1, begun: 0 });
    expect([partsOf(world, id), objects.names()]).toEqual([[], []]);
  });
});
