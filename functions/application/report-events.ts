import { applyEvents } from '#domain/assignment/apply-events';
import type { Assignment } from '#domain/assignment/assignment';
import { type Directive, directivesOf, mayAcknowledge } from '#domain/assignment/directive';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { renew } from '#domain/assignment/lease';
import type { CheckpointEvent, WorkEvent } from '#domain/assignment/work-event';
import { addCheckpoints } from '#domain/checkpoint/add-checkpoints';
import { checkpointWrites, sessionWrites } from './change-writes.ts';
import { newCheckpoint } from './new-checkpoint.ts';
import { ownAssignment } from './own-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface ReportEventsInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly events: readonly WorkEvent[];
}

export interface Reported {
  readonly lastEventSeq: number;
  readonly leaseUntil: string;
  readonly directives: readonly Directive[];
}

/**
 * Stores one batch in one transaction: assignment, live values, one page of the log, and what it records in the session itself,
 * its checkpoints. A batch sent twice counts once. Of called-off work nothing is stored: its agent is told to stop.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, AssignmentDeadlinePassed
 */
export const makeReportEvents = ({
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
  const recorded = async (
    { sessionId, agentId = '' }: Assignment,
    checkpoints: readonly CheckpointEvent[],
    now: number,
  ): Promise<Write[]> => {
    if (checkpoints.length === 0) return [];
    const session = await store.getSession(sessionId);
    const added = addCheckpoints(
      session,
      checkpoints.map((one) => newCheckpoint(one, { ids, digest })),
      { at: new Date(now).toISOString(), by: agentId },
    );
    return [...sessionWrites(added, ids), ...checkpointWrites(added.checkpoints)];
  };

  const decide = async ({ agentId, assignmentId, fencingToken, events }: ReportEventsInput): Promise<Reported> => {
    const assignment = await ownAssignment(store, agentId, assignmentId);
    const now = clock.now();
    const directives = directivesOf(assignment, now);
    if (mayAcknowledge(assignment, fencingToken, now)) {
      return { lastEventSeq: assignment.lastEventSeq, leaseUntil: assignment.leaseUntil as string, directives };
    }
    fence(assignment, fencingToken, now);
    withinDeadline(assignment, now);
    const live = await store.findLive(assignment.sessionId);
    if (live === undefined) throw new Error('a session under way has live values');
    const reported = applyEvents(assignment, live, events);
    const isNews = reported.assignment.lastEventSeq > assignment.lastEventSeq;
    const renewed = renew(reported.assignment, now);
    const { sessionId, attempt } = assignment;
    const hasLog = reported.logLines.length > 0;
    if (isNews || renewed.leaseUntil !== assignment.leaseUntil) {
      await store.commit([
        { kind: 'assignment', before: assignment, after: renewed },
        ...(isNews ? [{ kind: 'session-live', before: live, after: reported.live } as const] : []),
        ...(await recorded(assignment, reported.checkpoints, now)),
        ...(hasLog ? [{ kind: 'log-page', sessionId, attempt, lines: reported.logLines } as const] : []),
      ]);
    }
    return { lastEventSeq: renewed.lastEventSeq, leaseUntil: renewed.leaseUntil as string, directives };
  };
  return (input: ReportEventsInput): Promise<Reported> => retryConflict(clock, () => decide(input));
};
