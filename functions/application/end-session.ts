import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { callOff } from '#domain/assignment/directive';
import type { AssignmentResult } from '#domain/assignment/result';
import { hasKeptUnit } from '#domain/assignment/routed';
import { isTakenOver } from '#domain/assignment/take-over';
import { activeSecondsAt, type SessionLive, stopClock } from '#domain/session/live';
import type { Outcome } from '#domain/session/outcome';
import { recordOutcome } from '#domain/session/record-outcome';
import { endedAttempt } from '#domain/session/retry-attempt';
import type { Session } from '#domain/session/session';
import { gateWrites } from './change-writes.ts';
import { commitChange } from './commit-change.ts';
import { drivenSession } from './driven-session.ts';
import { endAssignment } from './end-assignment.ts';
import { endWrites } from './end-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { leavePlace, letIn } from './session-slot.ts';

/** A session that has not ended, with what stands beside it. */
export interface OpenSession {
  readonly session: Session;
  readonly live: SessionLive | undefined;
  readonly assignment: Assignment | undefined;
}

/**
 * Reads a session for whoever drives or sweeps it, also one that was deleted after its end. Live values first: an agent's report
 * that comes after this read makes a commit that is based on it fail.
 * @throws NotFound
 */
export const readOpenSession = async (store: TenantStore, sessionId: string): Promise<OpenSession> => {
  const live = await store.findLive(sessionId);
  const session = await drivenSession(store, sessionId);
  const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
  return { session, live, assignment };
};

export interface SessionEnd {
  readonly outcome: Outcome;
  readonly now: number;
  /** What its agent handed back. */
  readonly result?: Pick<AssignmentResult, 'summary' | 'simulated'> | undefined;
  /** Whether the driver may stand in a wait, and is told that there is nothing left to wait for; else its wait is removed. */
  readonly wakesDriver: boolean;
  /** Whether nobody after this one would end it, so that it ends even if something beside its end cannot be stored. @default false */
  readonly mustEnd?: boolean;
}

/** Whether nobody can touch the live values any more: the work has ended for good and its clock stands. */
const isSettled = (live: SessionLive, assignment: Assignment | undefined): boolean =>
  assignment !== undefined && !isOpen(assignment) && !isTakenOver(assignment) && live.clockStartedAt === undefined;

/** Ends a session in one transaction: status, slot and its next holder, attempt, assignment, wait, events. */
export const endSession = async (
  { store, ids }: { store: TenantStore; ids: Identifiers },
  { session, live, assignment }: OpenSession,
  { outcome, now, result, wakesDriver, mustEnd = false }: SessionEnd,
): Promise<Session> => {
  const at = new Date(now).toISOString();
  const activeSeconds = live ? activeSecondsAt(live, now) : 0;
  const place = await leavePlace(store, session, at, activeSeconds);
  const wake = [...letIn(place), ...(wakesDriver ? [session.id] : [])];
  const change = recordOutcome(session, outcome, {
    at,
    wake,
    freesUnit: hasKeptUnit(assignment),
    activeSeconds,
    summary: result?.summary,
  });
  const end: Write[] = [
    ...endWrites(change, { live, now, isSimulated: result?.simulated }, ids),
    ...(place ? gateWrites(place) : []),
    ...(wakesDriver ? [] : [{ kind: 'wait-removed', sessionId: session.id } as const]),
  ];
  const work = async (): Promise<Write[]> => {
    if (assignment === undefined) return [];
    const set = callOff(assignment, now, `the session is ${outcome.status}`);
    return endAssignment({ store, ids }, assignment, { ending: 'cancelled', at, wakes: false, set });
  };
  const figures = async (): Promise<Write[]> => {
    const begun = await store.findAttempt(session.id, session.attempt);
    return [
      ...(begun
        ? [{ kind: 'attempt', sessionId: session.id, attempt: endedAttempt(begun, live, outcome, at) } as const]
        : []),
      ...(live && !isSettled(live, assignment)
        ? [{ kind: 'session-live', before: live, after: stopClock(live, now) } as const]
        : []),
    ];
  };
  await commitChange(store, { change: end, beside: [work, figures] }, mustEnd);
  return change.after;
};
