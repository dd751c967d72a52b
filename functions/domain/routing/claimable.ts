import type { Agent } from '#domain/agent/agent';
import { acceptsWork, hasRoom } from '#domain/agent/load';
import type { Assignment } from '#domain/assignment/assignment';
import { type Candidate, candidateOf } from './candidate.ts';
import type { Stage } from './stage.ts';
import { passStages } from './stages.ts';

/** For so long only the agent that work is routed to may claim it. Milliseconds. */
export const EXCLUSIVE_MS = 10_000;

/** Whether the work is the agent's own: routed to it, with a unit reserved. */
export const isRoutedTo = ({ routedAgentId }: Assignment, agentId: string): boolean => routedAgentId === agentId;

const isKept = ({ routedAt }: Assignment, now: number): boolean =>
  routedAt !== undefined && now < Date.parse(routedAt) + EXCLUSIVE_MS;

/** Whether somebody else has the first right to the work. */
export const isKeptForAnother = (work: Assignment, agentId: string, now: number): boolean =>
  work.routedAgentId !== undefined && work.routedAgentId !== agentId && isKept(work, now);

/** Whether the work waits for an agent, and nobody has the first right to it, or has let that pass. */
export const mayRouteAgain = (work: Assignment, now: number): boolean => work.state === 'pending' && !isKept(work, now);

/** The agents that may not have the work now: whose lease on it ran out a moment ago. */
export const excludedAgents = (
  { excludedAgentId, excludedUntil }: Pick<Assignment, 'excludedAgentId' | 'excludedUntil'>,
  now: number,
): string[] =>
  excludedAgentId !== undefined && excludedUntil !== undefined && now < Date.parse(excludedUntil)
    ? [excludedAgentId]
    : [];

const stageThatLeavesNobody = (work: Assignment, candidates: readonly Candidate[], now: number): Stage | undefined =>
  passStages(
    {
      requiredCapabilities: work.requiredCapabilities,
      match: 'all',
      preferredAgentIds: [],
      technologies: work.technologies ?? [],
      excludeAgentIds: excludedAgents(work, now),
    },
    candidates,
  ).failedStage;

/** The stage of routing that leaves none of these agents for the work; undefined when one may have it. */
export const whyNobodyFits = (agents: readonly Agent[], work: Assignment, now: number): Stage | undefined =>
  stageThatLeavesNobody(
    work,
    agents.map((agent) => candidateOf(agent, now)),
    now,
  );

/** The stage at which routing would pass the agent over for this work; undefined when it may claim it. */
export const whyNotClaimable = (agent: Agent, work: Assignment, now: number): Stage | undefined => {
  const candidate = candidateOf(agent, now);
  // what is routed to it has its unit already, so only the work in its hands counts
  const reserved = isRoutedTo(work, agent.id) ? agent.reserved - agent.routed : agent.reserved;
  return stageThatLeavesNobody(work, [{ ...candidate, reserved }], now);
};

/** Whether an agent may have more work at all, whatever it is. */
export const mayHaveWork = (agent: Agent, now: number): boolean => {
  const { status, verified, ...capacity } = candidateOf(agent, now);
  return verified && acceptsWork(status) && hasRoom({ ...capacity, status });
};
