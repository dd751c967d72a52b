import type { Session } from '#domain/session/session';
import { isUnderWay, type SessionStatus } from '#domain/session/status';
import { record, type SessionChange } from '#domain/session/transition';
import { type Checkpoint, type NewCheckpoint, refOf } from './checkpoint.ts';

/** Whether there is work that a checkpoint could be of. */
export const mayAddCheckpoint = (status: SessionStatus): boolean => isUnderWay(status) || status === 'paused';

export interface CheckpointsAdded extends SessionChange {
  readonly checkpoints: readonly Checkpoint[];
}

/** Appends checkpoints to a session, each with the next number and an event of its own. Work goes on from the newest from here on. */
export const addCheckpoints = (
  session: Session,
  added: readonly NewCheckpoint[],
  { at, by }: { at: string; by: string },
): CheckpointsAdded => {
  const first = (session.latestCheckpoint?.sequence ?? 0) + 1;
  const checkpoints = added.map(
    (one, index): Checkpoint => ({
      ...one,
      sessionId: session.id,
      sequence: first + index,
      attempt: session.attempt,
      sizeBytes: new TextEncoder().encode(one.data).length,
      createdAt: at,
      createdBy: by,
    }),
  );
  const newest = checkpoints.at(-1);
  const facts = checkpoints.map(({ id, sequence, trigger, stateHash }) => ({
    type: 'session.checkpoint_created',
    payload: { checkpoint_id: id, sequence, trigger, state_hash: stateHash },
  }));
  const head = newest ? { ...session, latestCheckpoint: refOf(newest), workCheckpoint: undefined } : session;
  return { before: session, ...record(head, facts, at), checkpoints };
};
