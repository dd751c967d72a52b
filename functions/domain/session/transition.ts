import type { Actor, DomainEvent, EventInternals } from '#domain/event';
import { InvalidTransition } from './invalid-transition.ts';
import type { Session } from './session.ts';
import { isLegalMove, isTerminal, type SessionStatus } from './status.ts';

/** A session before and after, with the events that announce the difference, numbered. */
export interface SessionChange {
  readonly before: Session | null;
  readonly after: Session;
  readonly events: readonly DomainEvent[];
}

/** Two changes of a session in a row as one. */
export const joined = (first: SessionChange, second: SessionChange | undefined): SessionChange =>
  second === undefined
    ? first
    : { before: first.before, after: second.after, events: [...first.events, ...second.events] };

export interface NewFact {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly internal?: EventInternals | undefined;
}

/** Appends facts to a session: its version becomes the number of the last one. Every payload names the session. */
export const record = (
  session: Session,
  facts: readonly NewFact[],
  at: string,
): { after: Session; events: DomainEvent[] } => ({
  after: { ...session, version: session.version + facts.length, updatedAt: at },
  events: facts.map(({ type, payload, internal }, index) => ({
    stream: `session:${session.id}`,
    seq: session.version + index + 1,
    type,
    payload: { session_id: session.id, ...payload },
    timestamp: at,
    ...(internal ? { internal } : {}),
  })),
});

export interface Move {
  readonly to: SessionStatus;
  readonly at: string;
  readonly actor: Actor;
  readonly reason?: string;
  readonly detail?: string | undefined;
  readonly internal?: EventInternals;
  /** Fields that change with the status. */
  readonly set?: Partial<Session>;
  /** Facts announced right after the status change. */
  readonly followedBy?: readonly NewFact[];
}

/**
 * Moves a session to another status.
 * @throws InvalidTransition when the table of legal moves does not admit it
 */
export const move = (
  session: Session,
  { to, at, actor, reason, detail, internal, set, followedBy = [] }: Move,
): SessionChange => {
  if (!isLegalMove(session.status, to)) throw new InvalidTransition(session.status, to);
  const moved: Session = {
    ...session,
    ...set,
    status: to,
    statusReason: reason,
    statusDetail: detail,
    statusUpdatedAt: at,
    ...(isTerminal(to) ? { endedAt: at, queuePlace: undefined } : {}),
  };
  const payload = {
    old_status: session.status,
    new_status: to,
    attempt: session.attempt,
    ...(reason ? { reason } : {}),
    actor,
  };
  const { after, events } = record(moved, [{ type: 'session.status_changed', payload, internal }, ...followedBy], at);
  return { before: session, after, events };
};
