import type { Agent } from '#domain/agent/agent';
import type { Assignment } from '#domain/assignment/assignment';
import { candidateOf } from './candidate.ts';
import type { Stage } from './stage.ts';
import { passStages } from './stages.ts';

/** For so long only the agent that work is routed to may claim it. Milliseconds. */
export const EXCLUSIVE_MS = 10_000;

/** Whether the work is the agent's own: routed to it, with a unit reserved. */
export const isRoutedTo = ({ routedAgentId }: Assignment, agentId: string): boolean => routedAgentId === agentId;

/** Whether somebody else has the first right to the work. */
export const isKeptForAnother = ({ routedAgentId, routedAt }: Assignment, agentId: string, now: number): boolean =>
  routedAgentId !== undefined &&
  routedAgentId !== agentId &&
  routedAt !== undefined &&
  now < Date.parse(routedAt) + EXCLUSIVE_MS;

/** The agents that may not have the work now: whose lease on it ran out a moment ago. */
export const excludedAgents = (
  { excludedAgentId, excludedUntil }: Pick<Assignment, 'excludedAgentId' | 'excludedUntil'>,
  now: number,
): string[] =>
  excludedAgentId !== undefined && excludedUntil !== undefined && now < Date.parse(excludedUntil)
    ? [excludedAgentId]
    : [];

/** The stage at which routing would pass the agent over for this work; undefined when it may claim it. */
export const whyNotClaimable = (agent: Agent, work: Assignment, now: number): Stage | undefined => {
  const candidate = candidateOf(agent, now);
  // what is routed to it has its unit already, so only the work in its hands counts
  const reserved = isRoutedTo(work, agent.id) ? agent.reserved - agent.routed : agent.reserved;
  return passStages(
    {
      requiredCapabilities: work.requiredCapabilities,
      match: 'all',
      preferredAgentIds: [],
      technologies: work.technologies ?? [],
      excludeAgentIds: excludedAgents(work, now),
    },
    [{ ...candidate, reserved }],
  ).failedStage;
};
