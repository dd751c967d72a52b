import type { Session } from '#domain/session/session';

/** How many of the newest checkpoints of a session are kept, beside the pinned one. */
export const CHECKPOINTS_KEPT = 100;

type Checkpoints = Pick<Session, 'latestCheckpoint' | 'resumeCheckpoint' | 'workCheckpoint'>;

const latestOf = ({ latestCheckpoint }: Checkpoints) => latestCheckpoint?.sequence ?? 0;

const oldestOf = (session: Checkpoints) => Math.max(1, latestOf(session) - CHECKPOINTS_KEPT + 1);

/** The checkpoint that rotation spares: the one chosen for the next work, or the one that the work under way began from. */
const pinnedIn = ({ resumeCheckpoint, workCheckpoint }: Checkpoints) => (resumeCheckpoint ?? workCheckpoint)?.sequence;

/** How many checkpoints a session has. */
export const checkpointCount = (session: Checkpoints): number => {
  const pinned = pinnedIn(session);
  const isBesideNewest = pinned !== undefined && pinned < oldestOf(session);
  return Math.min(latestOf(session), CHECKPOINTS_KEPT) + (isBesideNewest ? 1 : 0);
};

/** Sequences that a change of the session's head takes out of what is kept. */
export const droppedCheckpoints = (before: Checkpoints, after: Checkpoints): number[] => {
  const oldest = oldestOf(after);
  const passed = Array.from({ length: Math.max(0, oldest - oldestOf(before)) }, (_, index) => oldestOf(before) + index);
  const pinnedBefore = pinnedIn(before);
  const candidates = new Set([...passed, ...(pinnedBefore === undefined ? [] : [pinnedBefore])]);
  return [...candidates].filter((sequence) => sequence < oldest && sequence !== pinnedIn(after));
};
