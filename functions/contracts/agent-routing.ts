import * as z from 'zod';
import { AGENT_TYPES } from '#domain/agent/agent';
import { CAPABILITIES } from '#domain/agent/capabilities';
import { LOAD_LEVELS } from '#domain/agent/load';
import { PERFORMANCE_TIERS } from '#domain/agent/performance-tier';
import { STAGES } from '#domain/routing/stage';
import { SESSION_TYPES } from '#domain/session/session';
import { notOffered, Timestamp, text, Ulid } from './primitives.ts';

export const RouteTaskRequest = z
  .strictObject({
    task_description: notOffered('name required_capabilities'),
    required_capabilities: z.array(z.enum(CAPABILITIES)).max(20),
    match: z.enum(['all', 'best']).default('all'),
    preferred_agent_type: z.enum(AGENT_TYPES).optional(),
    preferred_agent_ids: z.array(Ulid).max(10).default([]),
    min_performance_tier: z.enum(PERFORMANCE_TIERS).optional(),
    estimated_complexity: z.number().min(0.1).max(10).default(1),
    estimated_hours: z.number().min(0.01).max(1000).optional(),
    technologies: z.array(text(1, 50)).max(20).default([]),
    session_type: z.enum(SESSION_TYPES).optional(),
    exclude_agent_ids: z.array(Ulid).max(20).default([]),
    strategy: z
      .enum(['balanced', 'suitability'])
      .refine(
        (strategy) => strategy === 'balanced',
        'suitability is not offered by this version; leave it out, or send balanced',
      )
      .default('balanced'),
  })
  .meta({ id: 'RouteTaskRequest', example: { required_capabilities: ['code_generation'] } });

const Component = z.object({ name: z.string(), weight: z.number(), value: z.number(), contribution: z.number() });
const Bonus = z.object({ name: z.string(), value: z.number() });

const RoutedAgent = z
  .object({
    id: Ulid,
    name: z.string(),
    agent_type: z.enum(AGENT_TYPES),
    performance_tier: z.enum(PERFORMANCE_TIERS),
    load_level: z.enum(LOAD_LEVELS),
    utilization: z.number(),
  })
  .meta({ id: 'RoutedAgent' });

const scored = { routing_score: z.number(), components: z.array(Component), bonuses: z.array(Bonus) };

export const RoutingDecision = z
  .object({
    selected_agent: RoutedAgent,
    strategy: z.literal('balanced'),
    ...scored,
    alternatives: z.array(z.object({ agent: RoutedAgent, ...scored })).max(3),
    routing_reason: z.string(),
    stages: z
      .array(z.object({ stage: z.enum(STAGES), candidates: z.number().int() }))
      .meta({ description: 'How many candidates each stage has left.' }),
    evaluated_at: Timestamp,
  })
  .meta({ id: 'RoutingDecision' });
