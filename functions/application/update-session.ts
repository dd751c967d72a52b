import { isOpen } from '#domain/assignment/assignment';
import { underNewTerms } from '#domain/assignment/new-terms';
import { NotFound } from '#domain/errors';
import { activeSecondsAt, moveDeadline, type SessionLive } from '#domain/session/live';
import { type Patched, patchSession, type SessionPatch, touchesInput } from '#domain/session/patch-session';
import type { Session } from '#domain/session/session';
import { isUnderWay } from '#domain/session/status';
import { queueExpiry } from '#domain/session/wait';
import { gateWrites, sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { movePlace } from './session-slot.ts';
import type { SessionState } from './session-view.ts';

export interface UpdateSessionInput {
  readonly sessionId: string;
  readonly patch: SessionPatch;
  readonly ifVersion?: number | undefined;
}

/** Whether the work of a session has other terms from now on. */
const touchesWork = (before: Session, after: Session): boolean =>
  after.maxDurationSeconds !== before.maxDurationSeconds ||
  (isUnderWay(after.status) &&
    (after.priority !== before.priority || after.queueTtlSeconds !== before.queueTtlSeconds));

/**
 * Changes what a client may change of a session: its place in the queue for a slot, that of its work in the dispatch queue, and its
 * deadlines move in the same transaction.
 * Values that are there already change nothing.
 * @throws NotFound, PreconditionFailed, InvalidInput
 * @throws OperationNotAllowed when the status does not allow one of the fields; then nothing is changed
 */
export const makeUpdateSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  /** Live values are written even while their clock stands: whoever opens or claims the work at this moment must see the new values. */
  const workWrites = async (live: SessionLive, before: Session, session: Session): Promise<Write[]> => {
    if (!touchesWork(before, session)) return [];
    const after = moveDeadline(live, session.maxDurationSeconds);
    const assignment = live.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    const work = assignment && isOpen(assignment) ? assignment : undefined;
    const moved = work && underNewTerms(work, { before, after: session, deadlineAt: after.deadlineAt });
    const waitsUntil = moved?.state === 'pending' ? moved.waitUntil : undefined;
    return [
      { kind: 'session-live', before: live, after },
      ...(work && moved ? [{ kind: 'assignment', before: work, after: moved } as const] : []),
      ...(waitsUntil ? await lookBy(session.id, waitsUntil) : []),
    ];
  };

  /** Looks at a wait earlier when it may end earlier; a later end is found by the look that is due already. */
  const lookBy = async (sessionId: string, dueAt: string): Promise<Write[]> => {
    const wait = await store.findWait(sessionId);
    return wait?.dueAt && wait.dueAt > dueAt ? [{ kind: 'wait', wait: { ...wait, dueAt }, seen: wait }] : [];
  };

  const waitWrites = async (before: Session, after: Session): Promise<Write[]> =>
    after.status === 'queued' && after.queueTtlSeconds !== before.queueTtlSeconds
      ? lookBy(after.id, queueExpiry(after))
      : [];

  const read = async (asked: UpdateSessionInput): Promise<SessionState> => {
    // live values first: whoever moves them after this read makes a commit that writes them fail
    const live = await store.findLive(asked.sessionId);
    const [session, input] = await Promise.all([expectedSession(store, asked), store.findInput(asked.sessionId)]);
    if (input === undefined) throw new NotFound('session');
    return { session, input, live };
  };

  const writesOf = async ({ session, live }: SessionState, patched: Patched): Promise<Write[]> => {
    const { id: sessionId } = patched.change.after;
    const place = await movePlace(store, session, patched.change.after);
    const input: Write = { kind: 'session-input', sessionId, input: patched.input, replaces: true };
    return [
      ...sessionWrites(patched.change, ids),
      ...(touchesInput(patched) ? [input] : []),
      ...(place ? gateWrites(place) : []),
      ...(await waitWrites(session, patched.change.after)),
      ...(live ? await workWrites(live, session, patched.change.after) : []),
    ];
  };

  const decide = async (asked: UpdateSessionInput): Promise<SessionState> => {
    const before = await read(asked);
    const { live } = before;
    const now = clock.now();
    const usedSeconds = live ? activeSecondsAt(live, now) : 0;
    const patched = patchSession(before, asked.patch, { at: new Date(now).toISOString(), usedSeconds });
    if (patched === undefined) return before;
    await store.commit(await writesOf(before, patched));
    const session = patched.change.after;
    return { session, input: patched.input, live: live && moveDeadline(live, session.maxDurationSeconds) };
  };
  return (input: UpdateSessionInput): Promise<SessionState> => retryConflict(clock, () => decide(input));
};
