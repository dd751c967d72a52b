import * as z from 'zod';
import { AGENT_TYPES } from '#domain/agent/agent';
import { CAPABILITIES } from '#domain/agent/capabilities';
import { HEARTBEAT_STATUSES } from '#domain/agent/heartbeat';
import { PROTOCOL_VERSIONS } from '#domain/agent/protocol';
import { jsonMap, notOffered, Timestamp, text, Ulid } from './primitives.ts';

/** Facts of the External Agent Protocol that agents may ask for. */
export const EAP = {
  supportedVersions: PROTOCOL_VERSIONS,
  latest: '1.1',
  heartbeatIntervalSeconds: 30,
  staleAfterSeconds: 90,
  forgetAfterSeconds: 300,
} as const;

export const EapProtocol = z
  .object({
    supported_versions: z.array(z.string()),
    latest: z.string(),
    heartbeat_interval_seconds: z.number(),
    stale_after_seconds: z.number(),
    forget_after_seconds: z.number(),
    default_lease_seconds: z.number(),
    limits: z.record(z.string(), z.number()),
  })
  .meta({ id: 'EapProtocol' });

const unique = (list: readonly string[]) => new Set(list).size === list.length;
const pullOnly = 'leave it out: agents pull their work in this version';

/** Unknown fields are ignored on every agent route, so that newer agents can talk to older orchestrators. */
export const RegisterAgentRequest = z
  .object({
    protocol_version: z.string().default('1.0'),
    name: z.string().regex(/^[A-Z0-9][A-Z0-9_-]{2,99}$/, 'is 3 to 100 of A-Z, 0-9, _ and -'),
    version: text(1, 50).default('1.0.0'),
    agent_type: z.enum(AGENT_TYPES).default('implementer'),
    capabilities: z.array(z.enum(CAPABILITIES)).max(40).refine(unique, 'must not repeat a name'),
    metadata: jsonMap(16).default({}),
    delivery: z
      .enum(['pull', 'push'])
      .refine((delivery) => delivery === 'pull', `push is not offered by this version; ${pullOnly}`)
      .default('pull'),
    transport: z
      .enum(['http', 'grpc', 'a2a'])
      .refine((transport) => transport === 'http', `only http is offered by this version; ${pullOnly}`)
      .default('http'),
    endpoint_url: notOffered(pullOnly),
    card_url: notOffered(pullOnly),
    auth: notOffered(pullOnly),
    max_concurrent_tasks: z.number().int().min(1).max(50).default(5),
    preferred_technologies: z.array(text(1, 50)).max(20).default([]),
    labels: z
      .record(z.string().regex(/^[a-z][a-z0-9_.-]{0,39}$/), text(0, 100))
      .refine((map) => Object.keys(map).length <= 20, 'must have at most 20 entries')
      .default({}),
    replace: z.boolean().default(false),
    replace_token_id: text(1, 50)
      .optional()
      .meta({ description: 'With replace: only the registration that was given this token_id is replaced.' }),
  })
  .meta({
    id: 'RegisterAgentRequest',
    example: { protocol_version: '1.1', name: 'RUNNER-01', capabilities: ['code_generation'], max_concurrent_tasks: 2 },
  });

export const RegisterAgentAnswer = z
  .object({
    agent_id: Ulid,
    status: z.literal('registered'),
    auth_token: z.string(),
    token_id: z.string(),
    token_expires_at: Timestamp,
    heartbeat_interval_seconds: z.number(),
    protocol_version: z.enum(PROTOCOL_VERSIONS),
    tenant_id: Ulid,
    name: z.string(),
    delivery: z.literal('pull'),
    lease_seconds: z.number(),
    replaced: z.boolean(),
  })
  .meta({ id: 'RegisterAgentAnswer' });

export const HeartbeatRequest = z
  .object({
    status: z.enum(HEARTBEAT_STATUSES),
    current_load: z.number().min(0).max(1).default(0),
    tasks_in_progress: z.number().int().min(0).max(1000).default(0),
    metrics: jsonMap(4).default({}),
    timestamp: z.iso.datetime({ offset: true }).optional(),
    leases: z
      .array(z.object({ assignment_id: Ulid, fencing_token: z.number().int().min(1) }))
      .max(50)
      .default([]),
  })
  .meta({ id: 'HeartbeatRequest', example: { status: 'healthy', current_load: 0.5, tasks_in_progress: 1 } });

const Directive = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('cancel'), assignment_id: Ulid, reason: z.string(), deadline_at: Timestamp }),
    z.object({ type: z.literal('rotate_token'), deadline_at: Timestamp }),
  ])
  .meta({ id: 'Directive', description: 'What the agent is to do beside its work. It ignores what it does not know.' });
export const directives = z.array(Directive);

export const HeartbeatAnswer = z
  .object({
    server_time: Timestamp,
    directives,
    leases: z.array(z.object({ assignment_id: Ulid, state: z.string(), lease_expires_at: Timestamp.optional() })),
  })
  .meta({ id: 'HeartbeatAnswer' });

export type RegisterAgentAnswer = z.output<typeof RegisterAgentAnswer>;
