import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCheckpoints } from '#domain/checkpoint/add-checkpoints';
import type { CheckpointRef, NewCheckpoint } from '#domain/checkpoint/checkpoint';
import { mayRestore, restoreCheckpoint } from '#domain/checkpoint/restore-checkpoint';
import { checkpointCount, droppedCheckpoints } from '#domain/checkpoint/rotation';
import { beginFrom, workFrom } from '#domain/checkpoint/work-from';
import { beginAttempt } from '#domain/session/begin-attempt';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import type { Session } from '#domain/session/session';
import { SESSION_STATUSES } from '#domain/session/status';
import { aSession, NOON } from '#test/support/a-session';

const given = (fields: Partial<NewCheckpoint> = {}): NewCheckpoint => ({
  id: 'CHECKPOINT',
  trigger: 'after_tool_use',
  data: '{"step":2}',
  stateHash: 'hash',
  ...fields,
});

const ref = (sequence: number, attempt = 1): CheckpointRef => ({
  checkpointId: `C${sequence}`,
  sequence,
  attempt,
  createdAt: NOON,
});

const by = { at: NOON, by: 'AGENT' };
const running = (fields: Partial<Session> = {}) => aSession({ status: 'running', ...fields });

describe('checkpoints of a session', () => {
  it('are numbered on from the newest, each announced by an event of its own', () => {
    const session = running({ latestCheckpoint: ref(7), version: 4, attempt: 2 });
    const { after, events, checkpoints } = addCheckpoints(session, [given(), given({ id: 'NEXT', data: '"€"' })], by);
    expect(checkpoints).toMatchObject([
      { sequence: 8, attempt: 2, sizeBytes: 10, createdAt: NOON, createdBy: 'AGENT', sessionId: 'SESSION' },
      { sequence: 9, sizeBytes: 5, id: 'NEXT' },
    ]);
    expect(after).toMatchObject({
      version: 6,
      latestCheckpoint: { checkpointId: 'NEXT', sequence: 9, attempt: 2, createdAt: NOON },
    });
    expect(events.map(({ seq, type, payload }) => [seq, type, payload])).toEqual([
      [
        5,
        'session.checkpoint_created',
        {
          session_id: 'SESSION',
          checkpoint_id: 'CHECKPOINT',
          sequence: 8,
          trigger: 'after_tool_use',
          state_hash: 'hash',
        },
      ],
      [6, 'session.checkpoint_created', expect.objectContaining({ checkpoint_id: 'NEXT', sequence: 9 })],
    ]);
  });

  it('begin with number 1, and nothing added changes nothing', () => {
    expect(addCheckpoints(running(), [given()], by).checkpoints[0]?.sequence).toBe(1);
    expect(addCheckpoints(running(), [], by).after).toMatchObject({ version: 1 });
  });

  it('are kept up to the 100 newest and the pinned one', () => {
    const at250 = { latestCheckpoint: ref(250) };
    expect(checkpointCount({})).toBe(0);
    expect(checkpointCount({ latestCheckpoint: ref(7) })).toBe(7);
    expect(checkpointCount(at250)).toBe(100);
    expect(checkpointCount({ ...at250, resumeCheckpoint: ref(120) })).toBe(101);
    expect(checkpointCount({ ...at250, resumeCheckpoint: ref(151) })).toBe(100);
    expect(droppedCheckpoints(at250, { latestCheckpoint: ref(251) })).toEqual([151]);
    expect(droppedCheckpoints({ latestCheckpoint: ref(99) }, { latestCheckpoint: ref(100) })).toEqual([]);
  });

  it('lose a pinned one when the choice falls on another', () => {
    const pinned = { latestCheckpoint: ref(250), resumeCheckpoint: ref(120) };
    expect(droppedCheckpoints(pinned, { ...pinned, resumeCheckpoint: ref(200) })).toEqual([120]);
    expect(droppedCheckpoints(pinned, { ...pinned, resumeCheckpoint: undefined, workCheckpoint: ref(120) })).toEqual(
      [],
    );
  });

  it('are, after any history, exactly the newest 100 and the pinned one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const history = aHistory();
        for (const next of steps) {
          history.take(next);
          const { session, kept } = history.now();
          expect(kept).toEqual(shouldBeKept(session));
          expect(checkpointCount(session)).toBe(kept.size);
        }
      }),
    );
  });
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), size: fc.integer({ min: 1, max: 60 }) }) },
  fc.record({ kind: fc.constant('restore' as const), size: fc.nat(110) }),
  fc.record({ kind: fc.constant('begin' as const), size: fc.constant(0) }),
);
type Step = { readonly kind: 'add' | 'restore' | 'begin'; readonly size: number };

const shouldBeKept = (session: Session) => {
  const latest = session.latestCheckpoint?.sequence ?? 0;
  const newest = Array.from({ length: Math.min(100, latest) }, (_, index) => latest - index);
  const pinned = (session.resumeCheckpoint ?? session.workCheckpoint)?.sequence;
  return new Set([...newest, ...(pinned === undefined ? [] : [pinned])]);
};

/** A session whose checkpoints come, go and are chosen, and the numbers of those that are stored. */
const aHistory = () => {
  let session = running();
  const kept = new Set<number>();
  const changeTo = (after: Session) => {
    for (const sequence of droppedCheckpoints(session, after)) expect(kept.delete(sequence)).toBe(true);
    session = { ...after, status: 'running' };
  };
  const add = (count: number) => {
    const added = addCheckpoints(
      session,
      Array.from({ length: count }, () => given()),
      by,
    );
    for (const { sequence } of added.checkpoints) kept.add(sequence);
    changeTo(added.after);
  };
  const restore = (back: number) => {
    const chosen = [...kept].sort((a, b) => b - a)[back];
    if (chosen !== undefined) changeTo(restoreCheckpoint({ ...session, status: 'failed' }, ref(chosen), NOON).after);
  };
  return {
    now: () => ({ session, kept }),
    take({ kind, size }: Step) {
      if (kind === 'add') add(size);
      else if (kind === 'restore') restore(size);
      else changeTo({ ...session, ...beginFrom(session) });
    },
  };
};

describe('the choice of a checkpoint', () => {
  it('is offered to a session that rests and may go on', () => {
    const open = SESSION_STATUSES.filter(mayRestore);
    expect(open).toEqual(['paused', 'partially_completed', 'failed', 'timeout', 'stopped', 'orphaned']);
    expect(() => restoreCheckpoint(running(), ref(3), NOON)).toThrow(OperationNotAllowed);
  });

  it('is recorded, and another one replaces it', () => {
    const failed = aSession({ status: 'failed', latestCheckpoint: ref(7), workCheckpoint: ref(1) });
    const first = restoreCheckpoint(failed, ref(3), NOON);
    expect(first.after).toMatchObject({ resumeCheckpoint: ref(3), version: 2, status: 'failed' });
    expect(first.after.workCheckpoint).toBeUndefined();
    expect(first.events).toMatchObject([
      { type: 'session.checkpoint_restored', payload: { checkpoint_id: 'C3', sequence: 3 } },
    ]);
    expect(restoreCheckpoint(first.after, ref(5), NOON).after.resumeCheckpoint).toEqual(ref(5));
  });

  it('falls on the restored one once, else on the latest, and on none from scratch', () => {
    const queued = aSession({ status: 'queued', attempt: 2, latestCheckpoint: ref(7) });
    const restored = beginAttempt({ ...queued, resumeCheckpoint: ref(3) }, NOON);
    expect(restored.attempt.fromCheckpoint).toBe(3);
    expect(workFrom(restored.change.after)).toEqual(ref(3));
    expect(beginAttempt({ ...restored.change.after, status: 'queued', attempt: 3 }, NOON).attempt.fromCheckpoint).toBe(
      7,
    );
    const scratch = beginAttempt({ ...queued, resumeCheckpoint: ref(3), fromScratch: true }, NOON);
    expect(scratch.attempt.fromCheckpoint).toBeUndefined();
    expect(workFrom(scratch.change.after)).toBeUndefined();
    expect(scratch.change.after).toMatchObject({ fromScratch: undefined, resumeCheckpoint: undefined });
  });

  it('gives way to the first checkpoint that the attempt makes itself', () => {
    const begun = running({ attempt: 2, latestCheckpoint: ref(7), workCheckpoint: ref(3) });
    const { after } = addCheckpoints(begun, [given()], by);
    expect(workFrom(after)).toMatchObject({ sequence: 8 });
    expect(workFrom(running())).toBeUndefined();
  });
});
