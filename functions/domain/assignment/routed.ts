import type { Stage } from '#domain/routing/stage';
import type { Assignment } from './assignment.ts';

/** Pending work that is kept for an agent, which has a unit reserved for it. */
export const keepFor = (
  { waitingReason: _reason, ...work }: Assignment,
  routedAgentId: string,
  routedAt: string,
): Assignment => ({ ...work, routedAgentId, routedAt });

/** Pending work that nobody is to have now: the stage of routing that left nobody. */
export const keepForNobody = (
  { routedAgentId: _agent, routedAt: _at, ...work }: Assignment,
  waitingReason: Stage,
): Assignment => ({ ...work, waitingReason });

/** Whether an agent has a unit reserved for work that it has yet to claim. */
export const hasKeptUnit = (work: Assignment | undefined): boolean =>
  work?.state === 'pending' && work.routedAgentId !== undefined;
