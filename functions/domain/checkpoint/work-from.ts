import type { Session } from '#domain/session/session';
import type { CheckpointRef } from './checkpoint.ts';

/**
 * What changes in a session's head when work next begins: the choice is used, once. The checkpoint it fell on stays with the work
 * until that has one of its own. From scratch, nothing is chosen.
 */
export const beginFrom = (session: Session): Pick<Session, 'workCheckpoint' | 'resumeCheckpoint' | 'fromScratch'> => ({
  workCheckpoint: session.fromScratch ? undefined : (session.resumeCheckpoint ?? session.latestCheckpoint),
  resumeCheckpoint: undefined,
  fromScratch: undefined,
});

/** The checkpoint that an agent goes on from: the newest of this attempt, else the one the attempt began from, else none. */
export const workFrom = ({ workCheckpoint, latestCheckpoint, attempt }: Session): CheckpointRef | undefined =>
  workCheckpoint ?? (latestCheckpoint?.attempt === attempt ? latestCheckpoint : undefined);
