import type { Agent } from '#domain/agent/agent';
import { type AgentChange, routeWork, unrouteWork } from '#domain/agent/agent-change';
import type { Assignment } from '#domain/assignment/assignment';
import { keepFor, keepForNobody } from '#domain/assignment/routed';
import { whyNobodyFits } from '#domain/routing/claimable';
import type { Stage } from '#domain/routing/stage';
import { agentWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { routeOver } from './route-assignment.ts';

/** The tenant's agents as a pass knows them: as they were read, and what the pass has reserved of them since. */
export type KnownAgents = Map<string, Agent>;

/** What became of waiting work: kept for an agent, waiting for a newly known reason, or left as it was. */
export type Placed = 'routed' | 'waiting' | 'untouched';

/**
 * Routes one pending assignment that nobody has the first right to. An agent that has let it pass gives its unit back as soon as
 * another one fits, or as it can have the work no more.
 * @throws ConcurrentUpdate when somebody moved the work or one of the agents
 */
export const makePlaceAssignment = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const commit = async (
    agents: KnownAgents,
    before: Assignment,
    after: Assignment,
    changes: readonly AgentChange[],
  ): Promise<void> => {
    await store.commit([
      { kind: 'assignment', before, after },
      ...changes.flatMap((change) => agentWrites(change, ids)),
    ]);
    for (const { after: agent } of changes) agents.set(agent.id, { ...agent, revision: agent.revision + 1 });
  };

  const wait = async (agents: KnownAgents, work: Assignment, reason: Stage, left: AgentChange[]): Promise<Placed> => {
    if (left.length === 0 && work.waitingReason === reason) return 'untouched';
    await commit(agents, work, keepForNobody(work, reason), left);
    return 'waiting';
  };

  /** The agent that gets the work, unless it is only the one that has let it pass: anybody may claim it already. */
  const choose = async (agents: readonly Agent[], work: Assignment, now: number): Promise<Agent | undefined> => {
    const { sessionId, routedAgentId } = work;
    const [session, input, live] = await Promise.all([
      store.findSession(sessionId),
      store.findInput(sessionId),
      store.findLive(sessionId),
    ]);
    if (session === undefined || live?.assignmentId !== work.id) return undefined;
    const passedOver = [live.failedAgentId, routedAgentId].filter((id) => id !== undefined);
    const { selected } = routeOver(agents, { session, input, work, passedOver }, now);
    return agents.find(({ id }) => id === selected?.candidate.id && id !== routedAgentId);
  };

  return async (agents: KnownAgents, work: Assignment): Promise<Placed> => {
    const now = clock.now();
    const keeper = work.routedAgentId && (agents.get(work.routedAgentId) ?? (await store.getAgent(work.routedAgentId)));
    const left = keeper ? [unrouteWork(keeper)] : [];
    // the unit that is kept for this work is free for it
    const free = [...new Map([...agents, ...left.map(({ after }) => [after.id, after] as const)]).values()];
    const nobody = whyNobodyFits(free, work, now);
    if (nobody !== undefined) return wait(agents, work, nobody, left);
    const chosen = await choose(free, work, now);
    if (chosen === undefined) return 'untouched';
    const at = new Date(now).toISOString();
    await commit(agents, work, keepFor(work, chosen.id, at), [routeWork(chosen, at), ...left]);
    return 'routed';
  };
};
