import type { Agent } from '#domain/agent/agent';
import { type Assignment, isOpen } from '#domain/assignment/assignment';
import type { Dataset } from '#domain/dataset/dataset';
import type { Gate } from '#domain/gate/gate';
import * as keys from './table.ts';

/** Whose assignment it is: its agent's, also when it has ended, or while it is pending that of the agent it is routed to. */
const agentOf = (assignment: Assignment): string | undefined =>
  assignment.agentId ?? (isOpen(assignment) ? assignment.routedAgentId : undefined);

/** Work that nobody has or is kept for is looked at with every sweep; other work when its lease or wait may be over. */
const assignmentDue = (tenantId: string, assignment: Assignment): Record<string, unknown> => {
  const owner = `${tenantId}#${assignment.id}`;
  if (assignment.state === 'pending' && assignment.routedAgentId === undefined)
    return { gsi3pk: keys.dueWork('work', keys.DUE_SHARDS[0]), gsi3sk: owner };
  if (assignment.dueAt === undefined) return {};
  return { gsi3pk: keys.dueWork('lease', keys.DUE_SHARDS[0]), gsi3sk: `${assignment.dueAt}#${owner}` };
};

/** Where an assignment stands in the indexes. */
export const assignmentIndexes = (tenantId: string, assignment: Assignment): Record<string, unknown> => ({
  ...(assignment.state === 'pending' ? { gsi2pk: keys.dispatchQueue(tenantId), gsi2sk: assignment.queueKey } : {}),
  ...(agentOf(assignment)
    ? {
        gsi1pk: keys.assignmentsOfAgent(tenantId, agentOf(assignment) as string),
        gsi1sk: `${keys.PREFIX.granted(isOpen(assignment))}${assignment.id}`,
      }
    : {}),
  ...assignmentDue(tenantId, assignment),
});

/** Where an agent stands in the indexes. */
export const agentIndexes = (tenantId: string, agent: Agent): Record<string, unknown> => ({
  gsi1pk: keys.agentsByTime(tenantId),
  gsi1sk: agent.id,
  ...(agent.dueAt
    ? { gsi3pk: keys.dueWork('agent', keys.DUE_SHARDS[0]), gsi3sk: `${agent.dueAt}#${tenantId}#${agent.id}` }
    : {}),
});

/** Where a dataset stands in the indexes: among due work while it is built. */
export const datasetIndexes = (tenantId: string, { id, status, watch }: Dataset): Record<string, unknown> => ({
  gsi1pk: keys.datasetsByTime(tenantId),
  gsi1sk: id,
  ...(status === 'building' && watch
    ? { gsi3pk: keys.dueWork('build', keys.DUE_SHARDS[0]), gsi3sk: `${watch.dueAt}#${tenantId}#${id}` }
    : {}),
});

/** Where a gate stands in the index of due work; one that nobody recounts stands nowhere. */
export const gateIndexes = (tenantId: string, { dueAt, name }: Gate): Record<string, unknown> =>
  dueAt === undefined
    ? {}
    : { gsi3pk: keys.dueWork('gate', keys.DUE_SHARDS[0]), gsi3sk: `${dueAt}#${tenantId}#${name}` };
