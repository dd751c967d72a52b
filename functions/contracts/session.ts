import * as z from 'zod';
import { CAPABILITIES } from '#domain/agent/capabilities';
import { STAGES } from '#domain/routing/stage';
import { ACTIVITIES } from '#domain/session/live';
import {
  DEFAULT_AUTO_RETRY,
  DEFAULT_MAX_DURATION_SECONDS,
  DEFAULT_PRIORITY,
  DEFAULT_QUEUE_TTL_SECONDS,
} from '#domain/session/patch-session';
import { AUTO_RETRY, PRIORITIES, SESSION_TYPES } from '#domain/session/session';
import { SESSION_STATUSES } from '#domain/session/status';
import { isMeaninglessTitle } from '#domain/session/title';
import { Checkpoint, CheckpointRef } from './checkpoint.ts';
import { ModelResolution } from './model-resolution.ts';
import {
  flag,
  jsonMap,
  Moment,
  notOffered,
  pageOf,
  pageQuery,
  severalOf,
  Timestamp,
  text,
  Ulid,
} from './primitives.ts';
import { SessionQueue } from './session-queue.ts';
import { SessionWarning } from './session-warning.ts';
import { Workspace } from './workspace.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;
const BLANK = /^\s*$/;
export const TITLE_MAX = 200;

const Title = z
  .string()
  .trim()
  .pipe(text(1, TITLE_MAX))
  .refine((title) => !CONTROL.test(title), 'must not contain control characters')
  .refine((title) => !isMeaninglessTitle(title), 'says nothing about the work; name what the session is to do')
  .meta({ minLength: 1, maxLength: TITLE_MAX });

const Prompt = text(1, 32_000).refine((prompt) => !BLANK.test(prompt), 'must not be blank');

const AgentConfig = jsonMap(16)
  .refine((map) => Object.keys(map).length <= 32, 'must have at most 32 keys')
  .refine(
    (map) => Object.keys(map).every((key) => /^[A-Za-z0-9_-]{1,100}$/.test(key)),
    'keys are letters, digits, _ and -',
  );

const MAX_JSON_DEPTH = 8;
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const Metadata = jsonMap(16).refine(
  (map) => depthOf(map) <= MAX_JSON_DEPTH,
  `must be at most ${MAX_JSON_DEPTH} levels deep`,
);

const ModelIdentifier = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.:@/-]+$/, 'must be provider/model');

const unique = (list: readonly string[]) => new Set(list).size === list.length;

const MAX_TAGS = 20;
const Tag = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,49}$/, 'is 1 to 50 letters, digits and _ . : -');

const Tags = z.array(Tag).max(MAX_TAGS).refine(unique, 'must not repeat a tag');

const Description = text(0, 1000);
const Priority = z.enum(PRIORITIES);
const RequiredCapabilities = z.array(z.enum(CAPABILITIES)).max(20).refine(unique, 'must not repeat a name');
const MaxDuration = z.number().int().min(60).max(86_400);
const QueueTtl = z.number().int().min(60).max(604_800);
const CpuLimit = z.number().min(0.1).max(8);
const MemoryLimit = z.number().int().min(100).max(8192);

const OnQuota = z.enum(['queue', 'reject']).default('queue');

export const CreateSessionRequest = z
  .strictObject({
    title: Title,
    prompt: Prompt,
    description: Description.optional(),
    session_type: z.enum(SESSION_TYPES).default('execution'),
    priority: Priority.default(DEFAULT_PRIORITY),
    parent_id: Ulid.optional(),
    agent_config: AgentConfig.default({}),
    model_identifier: ModelIdentifier.optional(),
    required_capabilities: RequiredCapabilities.default([]),
    workspace: Workspace.optional(),
    max_duration_seconds: MaxDuration.default(DEFAULT_MAX_DURATION_SECONDS),
    queue_ttl_seconds: QueueTtl.default(DEFAULT_QUEUE_TTL_SECONDS),
    auto_retry: z.enum(AUTO_RETRY).default(DEFAULT_AUTO_RETRY),
    cpu_limit: CpuLimit.optional(),
    memory_limit_mb: MemoryLimit.optional(),
    tags: Tags.default([]),
    metadata: Metadata.default({}),
    start: z.boolean().default(false),
    on_quota: OnQuota,
    max_cost_usd: notOffered('leave it out; budgets come later'),
    max_tokens: notOffered('leave it out; budgets come later'),
  })
  .meta({
    id: 'CreateSessionRequest',
    example: {
      title: 'Greet the user',
      prompt: 'Write src/hello.js that exports hello().',
      workspace: { repository_url: 'https://github.com/acme/shop.git', verify: [{ name: 'tests', run: 'npm test' }] },
      start: true,
    },
  });

/** Null clears a field, which sets it back to its default if it has one; absence leaves it. */
export const UpdateSessionRequest = z
  .strictObject({
    title: Title.optional(),
    prompt: Prompt.optional(),
    description: Description.nullable().optional(),
    priority: Priority.nullable().optional(),
    agent_config: AgentConfig.nullable().optional(),
    model_identifier: ModelIdentifier.nullable().optional(),
    required_capabilities: RequiredCapabilities.nullable().optional(),
    workspace: Workspace.nullable().optional(),
    max_duration_seconds: MaxDuration.nullable().optional(),
    queue_ttl_seconds: QueueTtl.nullable().optional(),
    auto_retry: z.enum(AUTO_RETRY).nullable().optional(),
    cpu_limit: CpuLimit.nullable().optional(),
    memory_limit_mb: MemoryLimit.nullable().optional(),
    tags: Tags.nullable().optional(),
    metadata: Metadata.nullable().optional(),
  })
  .meta({ id: 'UpdateSessionRequest', example: { priority: 'critical', description: null } });

export const StartSessionRequest = z.strictObject({ on_quota: OnQuota }).meta({ id: 'StartSessionRequest' });

export const RetrySessionRequest = z
  .strictObject({
    checkpoint_id: Ulid.optional(),
    from_scratch: z.boolean().default(false),
    start: z.boolean().default(true),
    force: z.boolean().default(false),
    on_quota: OnQuota,
    additional_prompt: Prompt.optional().describe('Said to the agent after the prompt, until the next retry'),
  })
  .refine(({ checkpoint_id, from_scratch }) => !(checkpoint_id && from_scratch), {
    path: ['from_scratch'],
    message: 'begins without a checkpoint: leave it or checkpoint_id out',
  })
  .meta({ id: 'RetrySessionRequest' });

export const CancelSessionRequest = z
  .strictObject({ reason: text(0, 500).optional() })
  .meta({ id: 'CancelSessionRequest' });

export const SessionError = z
  .object({
    type: z.enum(['agent', 'verification', 'timeout', 'system', 'user']),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    at: Timestamp,
  })
  .meta({ id: 'SessionError' });

const Progress = z.object({
  percent: z.number().optional(),
  message: z.string().optional(),
  step: z.number().optional(),
  total_steps: z.number().optional(),
  at: Timestamp,
});

export const SessionMetrics = z
  .object({
    queue_duration_seconds: z.number().optional(),
    execution_duration_seconds: z.number(),
    total_duration_seconds: z.number().optional(),
    tokens_used: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    reasoning_tokens: z.number(),
    cache_read_tokens: z.number(),
    cache_write_tokens: z.number(),
    api_calls_count: z.number(),
    api_errors_count: z.number(),
    warnings: z.array(SessionWarning).describe('The 50 newest, oldest first'),
    cost_usd: z.number(),
  })
  .meta({ id: 'SessionMetrics' });

const sessionHead = {
  id: Ulid,
  tenant_id: Ulid,
  version: z.number().int(),
  title: z.string(),
  description: z.string().optional(),
  session_type: z.enum(SESSION_TYPES),
  priority: z.enum(PRIORITIES),
  parent_id: Ulid.optional(),
  root_id: Ulid,
  depth: z.number().int(),
  child_count: z.number().int().describe('Direct children that are not deleted'),
  model_identifier: z.string().optional(),
  model_resolution: ModelResolution.optional(),
  required_capabilities: z.array(z.string()),
  max_duration_seconds: z.number(),
  queue_ttl_seconds: z.number(),
  auto_retry: z.enum(AUTO_RETRY),
  tags: z.array(z.string()),
  status: z.enum(SESSION_STATUSES),
  status_reason: z.string().optional(),
  status_detail: z.string().optional(),
  status_updated_at: Timestamp,
  created_at: Timestamp,
  created_by: z.string(),
  updated_at: Timestamp,
  started_at: Timestamp.optional(),
  ended_at: Timestamp.optional(),
  deleted_at: Timestamp.optional(),
  attempt: z.number().int(),
  max_attempts: z.number().int(),
  activity: z.enum(ACTIVITIES).optional(),
  active_seconds: z.number(),
  remaining_seconds: z.number(),
  deadline_at: Timestamp.optional(),
  queue: SessionQueue.optional(),
  agent_id: Ulid.optional(),
  assignment_id: Ulid.optional(),
  progress: Progress.optional(),
  health_score: z.number(),
  is_healthy: z.boolean(),
  is_retryable: z.boolean(),
  allowed_operations: z.array(z.string()),
  checkpoint_count: z.number().int(),
  latest_checkpoint: CheckpointRef.optional(),
  resume_checkpoint: CheckpointRef.optional(),
  success_rate: z.number().optional(),
  success_source: z.literal('verification').optional(),
  error: SessionError.optional(),
};

export const Session = z
  .object({
    ...sessionHead,
    waiting_reason: z
      .enum(STAGES)
      .optional()
      .describe('While it waits for an agent: the stage of routing that leaves none'),
    prompt: z.string(),
    agent_config: z.record(z.string(), z.json()),
    workspace: Workspace.optional(),
    metadata: z.record(z.string(), z.json()),
    cpu_limit: z.number().optional(),
    memory_limit_mb: z.number().optional(),
    metrics: SessionMetrics.optional(),
    /** The newest 20 without their data, when asked for. */
    checkpoints: z.array(Checkpoint).optional(),
  })
  .meta({ id: 'Session' });

export const SessionListItem = z
  .object({ ...sessionHead, tokens_used: z.number(), cost_usd: z.number() })
  .meta({ id: 'SessionListItem' });

export const SessionList = pageOf(SessionListItem).meta({ id: 'SessionList' });

export const GetSessionQuery = z.strictObject({
  include_metrics: flag(true),
  include_checkpoints: flag(false),
  include_deleted: flag(false),
});

export const ListSessionsQuery = z.strictObject({
  ...pageQuery,
  status: severalOf(z.enum(SESSION_STATUSES), 'One or several statuses, comma separated.'),
  session_type: severalOf(z.enum(SESSION_TYPES), 'One or several types, comma separated.'),
  priority: severalOf(z.enum(PRIORITIES), 'One or several priorities, comma separated.'),
  created_by: severalOf(Ulid, 'Ids of users, services or agents, comma separated.'),
  parent_id: severalOf(
    z.union([z.literal('none'), Ulid]),
    'Ids of sessions, comma separated; none: sessions without one.',
  ),
  tags: severalOf(Tag, 'Tags, comma separated; a session must have all of them.', MAX_TAGS),
  search: text(2, 100).optional().meta({ description: 'Contained in title or description, whatever the case.' }),
  created_from: Moment.optional().meta({ description: 'Created then or later.' }),
  created_to: Moment.optional().meta({ description: 'Created before then.' }),
  include_deleted: flag(false).meta({ description: 'Also those that were deleted; for leads.' }),
});

export type Session = z.output<typeof Session>;
export type SessionListItem = z.output<typeof SessionListItem>;
