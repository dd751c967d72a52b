import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import type { Session } from '#domain/session/session';
import type { SessionStatus } from '#domain/session/status';
import { record, type SessionChange } from '#domain/session/transition';
import type { CheckpointRef } from './checkpoint.ts';

const RESTORABLE: readonly SessionStatus[] = [
  'paused',
  'failed',
  'timeout',
  'stopped',
  'orphaned',
  'partially_completed',
];

/** Whether the session rests where a checkpoint may be chosen for its next work. */
export const mayRestore = (status: SessionStatus): boolean => RESTORABLE.includes(status);

/**
 * Chooses the checkpoint that work next begins from. Later ones stay; another choice replaces this one.
 * @throws OperationNotAllowed while work is under way, and when none will follow
 */
export const restoreCheckpoint = (session: Session, chosen: CheckpointRef, at: string): SessionChange => {
  if (!mayRestore(session.status)) throw new OperationNotAllowed(session.status, 'takes back no checkpoint');
  const { checkpointId, sequence } = chosen;
  const fact = { type: 'session.checkpoint_restored', payload: { checkpoint_id: checkpointId, sequence } };
  const head = { ...session, resumeCheckpoint: chosen, workCheckpoint: undefined };
  return { before: session, ...record(head, [fact], at) };
};
