import type { OwnAssignment } from '#application/read-own-assignments';
import { toWire } from '#contracts/wire-case';

/** An assignment as its agent finds it again. */
export const presentOwnAssignment = ({ assignment, directives }: OwnAssignment): unknown => {
  const { id, leaseUntil, requiredCapabilities, ...known } = assignment;
  const { sessionId, attempt, state, priority, fencingToken, lastEventSeq } = known;
  const { deadlineAt, createdAt, claimedAt, endedAt } = known;
  return toWire({
    ...{ assignmentId: id, taskId: id, sessionId, attempt, state, priority, requirements: requiredCapabilities },
    ...{ fencingToken, lastEventSeq, leaseExpiresAt: leaseUntil, deadlineAt, createdAt, claimedAt, endedAt },
    directives,
  });
};
