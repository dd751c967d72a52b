import type { AgentView } from '#contracts/agent-directory';
import { count, percent } from './quantities.ts';
import { fields } from './table.ts';

/** One agent, a line per field that has a value. */
export const agentFields = (agent: AgentView): string =>
  fields([
    ['agent', agent.id],
    ['name', agent.name],
    ['type', agent.agent_type],
    ['status', [agent.status, agent.status_reason && `(${agent.status_reason})`].filter(Boolean).join(' ')],
    ['available', availability(agent)],
    ['works on', `${agent.load.current_tasks} of ${count(agent.load.max_concurrent_tasks, 'unit')}`],
    ['waiting', agent.load.queue_length === 0 ? undefined : `${agent.load.queue_length} routed to it`],
    ['load', `${percent(agent.load.utilization)} (${agent.load.load_level})`],
    ['tier', agent.performance_tier],
    ['can', agent.capabilities.join(', ')],
    ['prefers', agent.preferred_technologies.join(', ') || undefined],
    [
      'labels',
      Object.entries(agent.labels)
        .map((label) => label.join('='))
        .join(', ') || undefined,
    ],
    ['software', `${agent.software_version}, protocol ${agent.protocol_version}`],
    ['seen', agent.last_seen_at],
    ['registered', agent.created_at],
  ]);

const availability = ({ is_available, verified }: AgentView) => {
  if (is_available) return 'yes';
  return verified ? 'no' : 'no, it has not asked for work yet';
};
