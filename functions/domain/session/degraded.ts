import type { Session } from './session.ts';
import { move, type SessionChange } from './transition.ts';

export const DEGRADED_REASONS = ['agent_degraded', 'agent_unresponsive', 'fallback_agent'] as const;
/** Why a session is under way with reduced capacity. */
export type DegradedReason = (typeof DEGRADED_REASONS)[number];

/** A sign that the work of a session goes on with reduced capacity, and since when it is seen. */
export interface Sign {
  readonly reason: DegradedReason;
  readonly since: string;
  /** The agent's own words, where it gave any. */
  readonly detail?: string | undefined;
}

/** How long a session that has left degraded stays out of it: signs that come and go make at most one pair of events meanwhile. */
export const CALM_MS = 30_000;

const hasJustLeft = ({ leftDegradedAt }: Session, now: number): boolean =>
  leftDegradedAt !== undefined && now < Date.parse(leftDegradedAt) + CALM_MS;

/**
 * What the signs at its work, oldest first, do to a session: the first one makes it degraded, and it is so until the last is gone.
 * A sign that comes too soon after the last ones waits; whoever looks next finds it. Undefined when nothing moves.
 */
export const followSigns = (session: Session, signs: readonly Sign[], now: number): SessionChange | undefined => {
  const at = new Date(now).toISOString();
  const actor = { kind: 'system' } as const;
  const newest = signs.at(-1);
  if (session.status === 'degraded' && newest === undefined)
    return move(session, { to: 'running', at, actor, set: { leftDegradedAt: at } });
  if (session.status !== 'running' || newest === undefined || hasJustLeft(session, now)) return undefined;
  return move(session, { to: 'degraded', at, actor, reason: newest.reason, detail: newest.detail });
};

/** The reason that a degraded session shows: that of the newest sign, which need not be the one that it began with. */
export const shownReason = (
  { status, statusReason, statusDetail }: Pick<Session, 'status' | 'statusReason' | 'statusDetail'>,
  signs: readonly Sign[],
): Pick<Session, 'statusReason' | 'statusDetail'> => {
  const newest = signs.at(-1);
  const isSign = DEGRADED_REASONS.some((reason) => reason === statusReason);
  if (status !== 'degraded' || !isSign || newest === undefined) return { statusReason, statusDetail };
  return { statusReason: newest.reason, statusDetail: newest.detail };
};
