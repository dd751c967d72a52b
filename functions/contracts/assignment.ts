import * as z from 'zod';
import { LOG_LEVELS } from '#domain/assignment/work-event';
import { PRIORITIES, SESSION_TYPES } from '#domain/session/session';
import { directives } from './agent.ts';
import { CHECKPOINT_MAX_BYTES, CheckpointData, CheckpointTrigger } from './checkpoint.ts';
import { EAP_LIMITS } from './limits.ts';
import { Timestamp, text, Ulid } from './primitives.ts';
import { Workspace } from './workspace.ts';

export const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const LeaseSeconds = z.number().int().min(30).max(900);
/** The number of a grant. */
export const FencingToken = z.number().int().min(0);

export const ClaimRequest = z
  .object({
    max_assignments: z.number().int().min(1).max(EAP_LIMITS.maxAssignmentsPerClaim).default(1),
    lease_seconds: LeaseSeconds.optional(),
  })
  .meta({ id: 'ClaimRequest', example: { max_assignments: 1 } });

/** The workspace of a session, as its agent gets it. */
export const AssignmentWorkspace = Workspace.safeExtend({
  base_commit: text(1, 64)
    .optional()
    .describe('What the ref meant to the first attempt: the commit to work from, wherever the ref has moved since'),
}).meta({ id: 'AssignmentWorkspace' });

/** The work itself, as the agent gets it. */
export const Assignment = z
  .object({
    task_id: Ulid,
    session_id: Ulid,
    task_type: z.literal('session_execution'),
    context: z.object({
      session: z.object({
        id: Ulid,
        title: z.string(),
        description: z.string().optional(),
        session_type: z.enum(SESSION_TYPES),
        priority: z.enum(PRIORITIES),
        tags: z.array(z.string()),
        parent_id: Ulid.optional(),
        attempt: z.number().int(),
      }),
      contexts: z.array(z.json()),
    }),
    input_data: z.object({
      prompt: z.string(),
      additional_prompt: z.string().optional().describe('Of the retry that began this attempt; goes after the prompt'),
      workspace: AssignmentWorkspace.optional(),
    }),
    requirements: z.array(z.string()),
    timeout_seconds: z.number(),
    assignment_id: Ulid,
    attempt: z.number().int(),
    fencing_token: FencingToken,
    lease_expires_at: Timestamp,
    deadline_at: Timestamp,
    priority: z.enum(PRIORITIES),
    agent_config: z.record(z.string(), z.json()),
    model_identifier: z.string().nullable(),
    cpu_limit: z.number().optional(),
    memory_limit_mb: z.number().optional(),
    checkpoint: z.object({ sequence: z.number().int(), created_at: Timestamp, data: CheckpointData }).nullable(),
    budget: z.null(),
  })
  .meta({ id: 'Assignment' });

export const ClaimAnswer = z
  .object({
    assignments: z.array(Assignment),
    server_time: Timestamp,
    poll_after_seconds: z.number(),
    reason: z.string().optional(),
  })
  .meta({ id: 'ClaimAnswer' });

/** A time in whatever zone, kept in UTC with milliseconds. */
const Instant = z.iso
  .datetime({ offset: true })
  .transform((time) => new Date(time).toISOString())
  .meta({ type: 'string', format: 'date-time' });

const numbered = { event_seq: z.number().int().min(1), timestamp: Instant };

const MOST_COUNTED = 1e12;
const MOST_COST = 1e9;
const count = z.number().int().min(0).max(MOST_COUNTED).default(0);

/** Cumulative figures of an assignment. Cost in USD. */
export const UsageReport = z.object({
  input_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  cost_usd: z
    .number()
    .min(0)
    .max(MOST_COST)
    .optional()
    .describe('Left out, it counts as 0 and the session warns of tokens without a price'),
  api_calls: count,
  api_errors: count,
});

const LOG_MESSAGE_MAX = 8192;
const CUT = '…[cut]';
const LogMessage = z
  .string()
  .transform((message) =>
    message.length > LOG_MESSAGE_MAX ? `${message.slice(0, LOG_MESSAGE_MAX - CUT.length)}${CUT}` : message,
  );

/** What a checkpoint holds, as an agent sends it. */
export const LimitedCheckpoint = CheckpointData.refine(
  (data) => bytesOf(data) <= CHECKPOINT_MAX_BYTES,
  'must be at most 256 KB as JSON; upload more as an artifact and name it in the data',
);

export const WorkEvent = z
  .discriminatedUnion(
    'type',
    [
      z.object({ ...numbered, type: z.literal('started'), base_commit: z.string().max(64).optional() }),
      z.object({
        ...numbered,
        type: z.literal('progress'),
        percent: z.number().min(0).max(100).optional(),
        message: text(0, 500).optional(),
        step: z.number().int().min(0).optional(),
        total_steps: z.number().int().min(0).optional(),
      }),
      z.object({
        ...numbered,
        type: z.literal('log'),
        level: z.enum(LOG_LEVELS),
        message: LogMessage,
        source: text(0, 100).default('agent'),
      }),
      z.object({
        ...numbered,
        type: z.literal('tool'),
        tool: text(1, 100),
        title: text(0, 200).default(''),
        status: z.enum(['started', 'completed', 'failed']),
        duration_ms: z.number().min(0).optional(),
      }),
      z.object({ ...numbered, type: z.literal('metrics'), ...UsageReport.shape }),
      z.object({
        ...numbered,
        type: z.literal('status'),
        status: z.enum(['healthy', 'degraded']),
        reason: text(0, 200).optional(),
      }),
      z.object({
        ...numbered,
        type: z.literal('checkpoint'),
        data: LimitedCheckpoint,
        trigger: CheckpointTrigger,
        state_hash: text(1, 128).optional(),
      }),
    ],
    { error: 'is not offered by this version; send started, progress, log, tool, metrics, status or checkpoint' },
  )
  .meta({ id: 'WorkEvent' });

/** Events that are recorded in the session itself. */
const RECORDED: readonly string[] = ['checkpoint', 'status'];
const MAX_RECORDED = 10;

export const ReportEventsRequest = z
  .object({
    fencing_token: FencingToken,
    events: z
      .array(WorkEvent)
      .min(1)
      .max(EAP_LIMITS.eventsPerBatch)
      .refine((events) => bytesOf(events) <= EAP_LIMITS.batchBytes, 'must be at most 320 KB as JSON')
      .refine(
        (events) => events.filter(({ type }) => RECORDED.includes(type)).length <= MAX_RECORDED,
        `must have at most ${MAX_RECORDED} of checkpoint and status`,
      ),
  })
  .meta({
    id: 'ReportEventsRequest',
    example: {
      fencing_token: 1,
      events: [
        {
          event_seq: 1,
          type: 'log',
          timestamp: '2026-11-20T12:00:00.000Z',
          level: 'info',
          message: 'cloned',
          source: 'runner',
        },
      ],
    },
  });

export const ReportEventsAnswer = z
  .object({ last_event_seq: z.number().int(), lease_expires_at: Timestamp, directives })
  .meta({ id: 'ReportEventsAnswer' });

export const ExtendLeaseRequest = z
  .object({ fencing_token: FencingToken, lease_seconds: LeaseSeconds.optional() })
  .meta({ id: 'ExtendLeaseRequest', example: { fencing_token: 1 } });

export const ExtendLeaseAnswer = z
  .object({ lease_expires_at: Timestamp, directives })
  .meta({ id: 'ExtendLeaseAnswer' });

export type Assignment = z.output<typeof Assignment>;
export type WorkEventInput = z.input<typeof WorkEvent>;
