import { endWork, withSignOfLife } from '#domain/agent/agent-change';
import { agentWaitEnd } from '#domain/assignment/agent-wait';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { heldMs } from '#domain/assignment/lease';
import { isReleasedBy, release } from '#domain/assignment/release';
import { waitForAgentAgain } from '#domain/session/live';
import { agentWrites } from './change-writes.ts';
import type { GivenCheckpoint } from './new-checkpoint.ts';
import { ownAssignment } from './own-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { recordWork } from './record-work.ts';
import { retryConflict } from './retry-conflict.ts';

export interface ReleaseAssignmentInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  /** Where the next agent is to go on. */
  readonly checkpoint?: GivenCheckpoint | undefined;
}

/**
 * Takes work back from an agent that cannot go on: it waits for another one, the agent has its unit again, and the clock of
 * working time stands. Repeated, it changes nothing.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, AssignmentDeadlinePassed
 */
export const makeReleaseAssignment = ({
  store,
  clock,
  ids,
  digest,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
  digest: Digest;
}) => {
  const decide = async (input: ReleaseAssignmentInput): Promise<void> => {
    const { agentId, assignmentId, fencingToken, checkpoint } = input;
    const found = await store.getAssignment(assignmentId);
    if (isReleasedBy(found, agentId, fencingToken)) return;
    const assignment = await ownAssignment(store, agentId, assignmentId);
    const now = clock.now();
    fence(assignment, fencingToken, now);
    withinDeadline(assignment, now);
    const { sessionId } = assignment;
    const [agent, live, session] = await Promise.all([
      store.getAgent(agentId),
      store.findLive(sessionId),
      store.getSession(sessionId),
    ]);
    if (live === undefined) throw new Error('a session under way has live values');
    const at = new Date(now).toISOString();
    const released = release(assignment, agentWaitEnd(session, now));
    const ended = endWork(agent, assignment, 'released', heldMs(assignment, now), at, false);
    const checkpoints = checkpoint ? [checkpoint] : [];
    const change = { agentId, before: assignment, after: released, checkpoints };
    await store.commit([
      { kind: 'assignment', before: assignment, after: released },
      { kind: 'session-live', before: live, after: waitForAgentAgain(live, now) },
      ...(await recordWork({ store, ids, digest }, change, now)),
      // the session goes on waiting, so nobody is woken
      ...agentWrites(withSignOfLife(ended, at), ids),
    ]);
  };
  return (input: ReleaseAssignmentInput): Promise<void> => retryConflict(clock, () => decide(input));
};
