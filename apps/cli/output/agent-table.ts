import type { AgentListView } from '#contracts/agent-directory';
import { age, percent } from './quantities.ts';
import { table } from './table.ts';

/** Agents, one per line. */
export const agentTable = (agents: readonly AgentListView[], now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'NAME', of: ({ name }) => name },
      { title: 'STATUS', of: ({ status }) => status },
      { title: 'TASKS', of: ({ load }) => `${load.current_tasks}/${load.max_concurrent_tasks}`, align: 'right' },
      { title: 'LOAD', of: ({ load }) => percent(load.utilization), align: 'right' },
      { title: 'SEEN', of: ({ last_seen_at }) => age(last_seen_at, now), align: 'right' },
      { title: 'CAPABILITIES', of: ({ capabilities }) => capabilities.join(' ') },
    ],
    agents,
    width,
  );
