import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAddCheckpoint } from '#application/add-checkpoint';
import { makeListCheckpoints } from '#application/list-checkpoints';
import { makeRestoreCheckpoint } from '#application/restore-checkpoint';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NotFound, PreconditionFailed } from '#domain/errors';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

const checkpoint = (eventSeq: number, data: Record<string, unknown> = { step: eventSeq }): WorkEvent => ({
  type: 'checkpoint',
  eventSeq,
  timestamp: NOON,
  trigger: 'after_tool_use',
  data,
});

const aWorker = async () => {
  const world = await aWorld();
  const { session, granted } = await world.working();
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  const report = (...events: WorkEvent[]) => world.reportEvents({ agentId, assignmentId, fencingToken, events });
  const { store, clock, ids } = world;
  const ports = { store, clock, ids };
  return {
    ...world,
    granted,
    id: session.id,
    report,
    add: makeAddCheckpoint({ ...ports, digest: nodeDigest }),
    restore: makeRestoreCheckpoint(ports),
    list: makeListCheckpoints(ports),
    head: () => store.getSession(session.id),
  };
};

const manual = { data: { step: 'by hand' }, trigger: 'manual' } as const;

describe("an agent's checkpoint", () => {
  it('is recorded in the session, with the digest of its data', async () => {
    const world = await aWorker();
    const { version } = await world.head();
    await world.report(checkpoint(1, { step: 2, files: ['a.ts'] }));
    expect(await world.store.findCheckpoint(world.id, 1)).toMatchObject({
      data: '{"files":["a.ts"],"step":2}',
      stateHash: '05fc21b1f2ee6cfab66edef5d20b61575e9c0cd90f203cd3603aafb753c8e388',
      createdBy: world.granted.assignment.agentId,
      attempt: 1,
    });
    expect(await world.head()).toMatchObject({ version: version + 1, latestCheckpoint: { sequence: 1 } });
    expect((await world.eventsOf(world.id)).at(-1)).toMatchObject({
      type: 'session.checkpoint_created',
      payload: { sequence: 1, trigger: 'after_tool_use' },
    });
  });

  it('sent twice counts once, also in one batch', async () => {
    const world = await aWorker();
    await world.report(checkpoint(1), checkpoint(1));
    const before = world.everything();
    await world.report(checkpoint(1));
    expect(world.everything()).toEqual(before);
    expect((await world.list({ sessionId: world.id, limit: 10, withData: false })).items).toHaveLength(1);
  });

  it('is tried again when the head has moved meanwhile', async () => {
    const world = await aWorker();
    world.engine.before('session', () => world.add({ sessionId: world.id, given: manual, actor: person }));
    await world.report(checkpoint(1), checkpoint(2));
    const { items } = await world.list({ sessionId: world.id, limit: 10, withData: true });
    expect(items.map(({ sequence, data }) => [sequence, data])).toEqual([
      [3, '{"step":2}'],
      [2, '{"step":1}'],
      [1, '{"step":"by hand"}'],
    ]);
    const { version } = await world.head();
    expect((await world.eventsOf(world.id)).length).toBe(version);
  });

  it('of 250 leaves the newest 100', async () => {
    const world = await aWorker();
    for (let first = 1; first <= 250; first += 10)
      await world.report(...Array.from({ length: 10 }, (_, index) => checkpoint(first + index)));
    const sequences = world.items('checkpoint').map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 100 }, (_, index) => 151 + index));
  });
});

describe('a claim', () => {
  it('is listed with as many others as fit into an answer, and the rest behind them', async () => {
    const world = await aWorker();
    for (let at = 1; at <= 25; at += 5)
      await world.report(...Array.from({ length: 5 }, (_, index) => checkpoint(at + index)));
    const page = (withData: boolean, beforeSequence?: number) =>
      world.list({ sessionId: world.id, limit: 100, withData, beforeSequence });
    expect((await page(false)).items).toHaveLength(25);
    const { items, next } = await page(true);
    expect(items).toHaveLength(20);
    expect((await page(true, Number(next))).items).toHaveLength(5);
  });

  it('of a first attempt brings no checkpoint', async () => {
    expect((await aWorker()).granted.checkpoint).toBeUndefined();
  });

  it('brings the checkpoint that the attempt begins from', async () => {
    const world = await aWorker();
    await world.report(checkpoint(1), checkpoint(2));
    await world.submit(world.granted, { result: aResult({ status: 'failed' }) });
    await world.recordOutcome({ sessionId: world.id, run: 1 });
    const [first] = (await world.list({ sessionId: world.id, limit: 10, withData: false })).items.slice(-1);
    await world.restore({ sessionId: world.id, checkpointId: first?.id ?? '' });
    const failed = await world.head();
    // the retry itself belongs to somebody else: here it is only its effect on the head
    const pending = { ...failed, version: failed.version + 1, status: 'pending', attempt: 2 } as const;
    await world.store.commit([{ kind: 'session', before: failed, after: pending }]);
    const { run } = await world.startSession({ sessionId: world.id, onQuota: 'queue', actor: person });
    await world.beginAttempt({ sessionId: world.id, run });
    await world.awaitAgent({ sessionId: world.id, run, taskToken: 'second' });
    const { granted } = await world.claim(world.granted.assignment.agentId ?? '');
    expect(granted[0]?.checkpoint).toMatchObject({ sequence: 1, data: '{"step":1}' });
    expect(await world.store.findAttempt(world.id, 2)).toMatchObject({ fromCheckpoint: 1 });
    expect(await world.head()).not.toHaveProperty('resumeCheckpoint');
  });
});

describe("a person's checkpoint", () => {
  it('is taken while work is under way, under the version that the person saw', async () => {
    const world = await aWorker();
    const { version } = await world.head();
    const stale = world.add({ sessionId: world.id, given: manual, actor: person, ifVersion: version - 1 });
    await expect(stale).rejects.toThrow(PreconditionFailed);
    const added = await world.add({ sessionId: world.id, given: manual, actor: person, ifVersion: version });
    expect(added).toMatchObject({ sequence: 1, createdBy: person.id });
  });

  it('is refused before work has begun and after it has ended', async () => {
    const world = await aWorker();
    const { id } = await world.create();
    await expect(world.add({ sessionId: id, given: manual, actor: person })).rejects.toThrow(OperationNotAllowed);
    await expect(world.add({ sessionId: 'UNKNOWN', given: manual, actor: person })).rejects.toThrow(NotFound);
  });
});

describe('the choice of a checkpoint', () => {
  it('is refused while the session works, and for what it has not', async () => {
    const world = await aWorker();
    await world.report(checkpoint(1));
    const [made] = (await world.list({ sessionId: world.id, limit: 10, withData: false })).items;
    const restore = (checkpointId = made?.id ?? '', sessionId = world.id, ifVersion?: number) =>
      world.restore({ sessionId, checkpointId, ifVersion });
    await expect(restore()).rejects.toThrow(OperationNotAllowed);
    await expect(restore('OTHER')).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    await expect(restore(made?.id, 'UNKNOWN')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await expect(restore(made?.id, world.id, 1)).rejects.toThrow(PreconditionFailed);
  });

  it('is unknown to another tenant', async () => {
    const world = await aWorker();
    await world.report(checkpoint(1));
    const other = await world.addTenant('B');
    const list = makeListCheckpoints({ store: other.store });
    await expect(list({ sessionId: world.id, limit: 1, withData: false })).rejects.toThrow(NotFound);
  });
});
