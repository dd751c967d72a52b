import { type Assignment, isOpen } from '#domain/assignment/assignment';
import type { Session } from './session.ts';
import { isTerminal } from './status.ts';

/** How long a driver may be on its way between two waits before it counts as lost. */
const SILENCE_MS = 120_000;

const SECOND_MS = 1000;

/**
 * Where the driver of a session stands: in a state that waits for its token, in the pause before an automatic attempt,
 * or on its way between two of them. A session under way has exactly one.
 */
export interface Wait {
  readonly sessionId: string;
  readonly run: number;
  readonly state: 'claim-slot' | 'run-on-agent' | 'back-off' | 'on-the-way';
  /** Completes the state; absent where nobody may end the wait early. */
  readonly taskToken?: string | undefined;
  /** Since when the driver stands here; of a back-off, when it ends. */
  readonly since: string;
  /** When the sweeper looks at it. Absent while the end of the wait is somebody else's to notice. */
  readonly dueAt?: string | undefined;
}

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * The driver was started or woken and has not come to its next wait. A look that is due earlier stays due:
 * it costs nothing, while moving it would rewrite an index.
 */
export const onTheWay = ({ sessionId, run, dueAt }: Pick<Wait, 'sessionId' | 'run' | 'dueAt'>, now: number): Wait => {
  const lostAt = iso(now + SILENCE_MS);
  const staysDue = dueAt !== undefined && dueAt < lostAt;
  return { sessionId, run, state: 'on-the-way', since: iso(now), dueAt: staysDue ? dueAt : lostAt };
};

/** The driver sleeps before the next attempt. */
export const backOff = ({ sessionId, run }: Pick<Wait, 'sessionId' | 'run'>, until: number): Wait => ({
  sessionId,
  run,
  state: 'back-off',
  since: iso(until),
  dueAt: iso(until + SILENCE_MS),
});

/** The wait of a driver that is told once more that it is over. */
export const toldAgain = (wait: Wait, now: number): Wait => ({ ...wait, dueAt: iso(now + SILENCE_MS) });

/** When a queued session has waited as long as it may. */
export const queueExpiry = ({ queuePlace, queueTtlSeconds, statusUpdatedAt }: Session): string =>
  iso(Date.parse(queuePlace?.since ?? statusUpdatedAt) + queueTtlSeconds * SECOND_MS);

/** Whether a session that waits may still be given a slot: its time in the queue is not used up. */
export const mayBeLetIn = (session: Session, now: number): boolean =>
  session.status === 'queued' && Date.parse(queueExpiry(session)) > now;

/** A wait and what it is judged by. */
export interface StandingSession {
  readonly session: Session | undefined;
  readonly wait: Wait;
  /** Since when it holds a slot, if it does. */
  readonly slotSince: string | undefined;
  readonly assignment: Assignment | undefined;
}

/** What a look at a due wait finds. */
export type WaitCheck =
  /** `unwoken`: there was nothing left to wait for, and nobody came to say so. */
  | { readonly found: 'settled' | 'queue_ttl' | 'no_agent' | 'lost' | 'unwoken' }
  | { readonly found: 'waiting'; readonly dueAt: string | undefined };

/** When the wake that the end of a session announces must have come; the token of its wait is kept for it until then. */
const wokenBy = ({ session, wait }: StandingSession): number =>
  session?.run === wait.run && wait.taskToken !== undefined && session.endedAt !== undefined
    ? Date.parse(session.endedAt) + SILENCE_MS
    : 0;

/** Since when there is nothing left to wait for. */
const overSince = ({ wait, slotSince, assignment }: StandingSession): string | undefined => {
  if (wait.state === 'claim-slot') return slotSince;
  return assignment && !isOpen(assignment) ? assignment.endedAt : undefined;
};

/** Judges a wait that ends with a wake. Of work that an agent has, it is looked at once more, when the work must have ended. */
const checkWake = (standing: StandingSession, now: number): WaitCheck => {
  const over = overSince(standing);
  if (over !== undefined && Date.parse(over) + SILENCE_MS <= now) return { found: 'unwoken' };
  const { deadlineAt } = standing.assignment ?? {};
  const until = over ?? (deadlineAt && iso(Math.max(Date.parse(deadlineAt), now)));
  return { found: 'waiting', dueAt: until && iso(Date.parse(until) + SILENCE_MS) };
};

/**
 * Judges a wait whose time to be looked at has come. A driver that has stood nowhere for 120 s is lost;
 * one that waits with a stored token is not, because whoever ends its wait wakes it.
 */
export const checkWait = (standing: StandingSession, now: number): WaitCheck => {
  const { session, wait, slotSince, assignment } = standing;
  if (wokenBy(standing) > now) return { found: 'waiting', dueAt: iso(wokenBy(standing)) };
  if (session === undefined || session.run !== wait.run || session.status === 'pending' || isTerminal(session.status))
    return { found: 'settled' };
  const waitsForSlot = session.status === 'queued' && slotSince === undefined;
  if (waitsForSlot && !mayBeLetIn(session, now)) return { found: 'queue_ttl' };
  const waitsForAgent = wait.state === 'run-on-agent' && assignment?.state === 'pending';
  if (waitsForAgent && Date.parse(assignment.waitUntil) <= now) return { found: 'no_agent' };
  if (waitsForSlot && wait.taskToken !== undefined) return { found: 'waiting', dueAt: queueExpiry(session) };
  if (waitsForAgent && wait.taskToken !== undefined) return { found: 'waiting', dueAt: assignment.waitUntil };
  if (wait.taskToken !== undefined) return checkWake(standing, now);
  const lostAt = Date.parse(wait.since) + SILENCE_MS;
  return lostAt <= now ? { found: 'lost' } : { found: 'waiting', dueAt: iso(lostAt) };
};
