import * as z from 'zod';
import { AGENT_TYPES } from '#domain/agent/agent';
import { CAPABILITIES } from '#domain/agent/capabilities';
import { LOAD_LEVELS } from '#domain/agent/load';
import { PERFORMANCE_TIERS } from '#domain/agent/performance-tier';
import { AGENT_STATUSES } from '#domain/agent/status';
import { ASSIGNMENT_STATES } from '#domain/assignment/assignment';
import { PRIORITIES } from '#domain/session/session';
import { pageOf, pageQuery, Timestamp, Ulid } from './primitives.ts';

const flag = (byDefault: boolean) =>
  z
    .enum(['true', 'false'])
    .default(byDefault ? 'true' : 'false')
    .transform((text) => text === 'true');

export const AgentLoad = z
  .object({
    current_tasks: z.number().int().meta({ description: 'Assignments it holds.' }),
    queue_length: z.number().int().meta({ description: 'Assignments routed to it that it has yet to claim.' }),
    max_concurrent_tasks: z.number().int(),
    reported_load: z.number().meta({ description: 'What it said of itself last, 0 to 1.' }),
    utilization: z.number(),
    load_level: z.enum(LOAD_LEVELS),
    can_accept_task: z.boolean(),
  })
  .meta({ id: 'AgentLoad' });

const agent = {
  id: Ulid,
  tenant_id: Ulid,
  version: z.number().int(),
  name: z.string(),
  agent_type: z.enum(AGENT_TYPES),
  transport: z.literal('http'),
  delivery: z.literal('pull'),
  protocol_version: z.string(),
  software_version: z.string(),
  capabilities: z.array(z.string()),
  preferred_technologies: z.array(z.string()),
  max_concurrent_tasks: z.number().int(),
  labels: z.record(z.string(), z.string()),
  status: z.enum(AGENT_STATUSES),
  status_reason: z.string().optional(),
  verified: z.boolean(),
  verified_at: Timestamp.optional(),
  last_seen_at: Timestamp,
  last_heartbeat_at: Timestamp.nullable(),
  clock_skew_seconds: z
    .number()
    .optional()
    .meta({ description: 'How far its clock is ahead, by its last heartbeat with a time; absent up to 300 s.' }),
  load: AgentLoad,
  is_available: z.boolean(),
  performance_tier: z.enum(PERFORMANCE_TIERS),
  registered_by: z.string(),
  created_at: Timestamp,
  updated_at: Timestamp,
};

export const AgentListItem = z.object(agent).meta({ id: 'AgentListItem' });
export const Agent = z.object({ ...agent, metadata: z.record(z.string(), z.json()) }).meta({ id: 'Agent' });
export const AgentList = pageOf(AgentListItem);

export const ListAgentsQuery = z.strictObject({
  ...pageQuery,
  agent_type: z.enum(AGENT_TYPES).optional(),
  capability: z.enum(CAPABILITIES).optional(),
  tier: z.enum(PERFORMANCE_TIERS).optional(),
  status: z.enum(AGENT_STATUSES).optional(),
  delivery: z.enum(['pull', 'push']).optional(),
  available_only: flag(false),
});

export const CapabilityPath = z.strictObject({ capability: z.enum(CAPABILITIES) });
export const ByCapabilityQuery = z.strictObject({ available_only: flag(true) });

const AgentAssignment = z
  .object({
    assignment_id: Ulid,
    session_id: Ulid,
    attempt: z.number().int(),
    state: z.enum(ASSIGNMENT_STATES),
    priority: z.enum(PRIORITIES),
    requirements: z.array(z.string()),
    fencing_token: z.number().int(),
    routed_at: Timestamp.optional(),
    lease_expires_at: Timestamp.optional(),
    deadline_at: Timestamp.optional(),
    created_at: Timestamp,
    claimed_at: Timestamp.optional(),
    ended_at: Timestamp.optional(),
  })
  .meta({ id: 'AgentAssignment' });

export const AgentAssignmentsQuery = z.strictObject({ ...pageQuery, state: z.enum(ASSIGNMENT_STATES).optional() });
export const AgentAssignmentList = pageOf(AgentAssignment).meta({
  id: 'AgentAssignmentList',
  description: 'Open ones first, each group newest first.',
});

const counts = z.record(z.string(), z.number().int());

export const AgentStats = z
  .object({
    total: z.number().int(),
    available: z.number().int(),
    busy: z.number().int().meta({ description: 'Those that are not available.' }),
    degraded: z.number().int(),
    by_type: counts,
    by_tier: counts,
    by_load_level: counts,
    by_status: counts,
    by_capability: counts,
    overall_utilization: z
      .number()
      .nullable()
      .meta({ description: 'Reserved units by units, of agents that are online, degraded or busy.' }),
    updated_at: Timestamp,
  })
  .meta({ id: 'AgentStats' });

export type AgentView = z.output<typeof Agent>;
export type AgentListView = z.output<typeof AgentListItem>;
