import { applyEvents } from '#domain/assignment/apply-events';
import { type Directive, directivesOf, mayAcknowledge } from '#domain/assignment/directive';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { isWorthNoting, renew } from '#domain/assignment/lease';
import type { WorkEvent } from '#domain/assignment/work-event';
import { hearWork } from './follow-signs.ts';
import { makeHearAgent } from './hear-agent.ts';
import { ownAssignment } from './own-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { recordWork } from './record-work.ts';
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
  const hear = makeHearAgent({ store, clock, ids });

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
    const { word, checkpoints, logLines } = reported;
    const renewed = await hearWork({ store }, renew(reported.assignment, now), {
      now,
      word,
      hasCheckpoint: checkpoints.length > 0,
    });
    const { sessionId, attempt } = assignment;
    const change = { agentId, before: assignment, after: renewed, checkpoints };
    const facts = await recordWork({ store, ids, digest }, change, now);
    if (renewed !== assignment || facts.length > 0) {
      await store.commit([
        { kind: 'assignment', before: assignment, after: renewed },
        ...(isNews ? [{ kind: 'session-live', before: live, after: reported.live } as const] : []),
        ...facts,
        ...(logLines.length > 0 ? [{ kind: 'log-page', sessionId, attempt, lines: logLines } as const] : []),
      ]);
    }
    if (isWorthNoting(assignment, renewed, now)) await hear(agentId);
    return { lastEventSeq: renewed.lastEventSeq, leaseUntil: renewed.leaseUntil as string, directives };
  };
  return (input: ReportEventsInput): Promise<Reported> => retryConflict(clock, () => decide(input));
};
