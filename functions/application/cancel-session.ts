import type { Assignment } from '#domain/assignment/assignment';
import { callOff } from '#domain/assignment/directive';
import { hasKeptUnit } from '#domain/assignment/routed';
import type { Actor } from '#domain/event';
import { cancelSession } from '#domain/session/cancel-session';
import { activeSecondsAt, type SessionLive, stopClock } from '#domain/session/live';
import { endedAttempt } from '#domain/session/retry-attempt';
import type { Session } from '#domain/session/session';
import { gateWrites, remembered } from './change-writes.ts';
import { commitChange } from './commit-change.ts';
import { endAssignment } from './end-assignment.ts';
import { endWrites } from './end-writes.ts';
import { expectedSession } from './expected-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { leavePlace, letIn } from './session-slot.ts';

export interface CancelSessionInput {
  readonly sessionId: string;
  readonly reason?: string | undefined;
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
}

/**
 * Aborts a session at once: status, slot, assignment and event are one transaction; its execution is stopped afterwards.
 * Cancelling a cancelled session changes nothing.
 * @throws NotFound, InvalidTransition, PreconditionFailed
 */
export const makeCancelSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const endWorkOf = async (assignment: Assignment | undefined, reason: string | undefined, now: number) => {
    if (assignment === undefined) return [];
    const at = new Date(now).toISOString();
    const set = callOff(assignment, now, reason);
    return endAssignment({ store, ids }, assignment, { ending: 'cancelled', at, wakes: false, set });
  };

  const endFiguresOf = async (session: Session, live: SessionLive | undefined, now: number): Promise<Write[]> => {
    const { id: sessionId, startedAt, attempt } = session;
    const begun = startedAt ? await store.findAttempt(sessionId, attempt) : undefined;
    const at = new Date(now).toISOString();
    return [
      ...(begun
        ? [{ kind: 'attempt', sessionId, attempt: endedAttempt(begun, live, { status: 'cancelled' }, at) } as const]
        : []),
      ...(live ? [{ kind: 'session-live', before: live, after: stopClock(live, now) } as const] : []),
    ];
  };

  const decide = async ({ sessionId, reason, actor, ifVersion, remember }: CancelSessionInput) => {
    const session = await expectedSession(store, { sessionId, ifVersion });
    if (session.status === 'cancelled') return session;
    const now = clock.now();
    const at = new Date(now).toISOString();
    const live = await store.findLive(sessionId);
    const place = await leavePlace(store, session, at, live && activeSecondsAt(live, now));
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    const freesUnit = hasKeptUnit(assignment);
    const change = cancelSession(session, { actor, detail: reason, at, wake: letIn(place), freesUnit });
    const end: Write[] = [
      ...endWrites(change, { live, now }, ids),
      ...(place ? gateWrites(place) : []),
      // its execution is stopped, so nobody else would
      ...(session.run > 0 ? [{ kind: 'wait-removed', sessionId } as const] : []),
      ...remembered(remember?.(change.after)),
    ];
    const beside = [() => endWorkOf(assignment, reason, now), () => endFiguresOf(session, live, now)];
    await commitChange(store, { change: end, beside }, true);
    return change.after;
  };
  return (input: CancelSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
