import * as z from 'zod';
import { SESSION_STATUSES } from '#domain/session/status';
import { ModelResolution } from './model-resolution.ts';
import { pageOf, pageQuery, Timestamp, Ulid } from './primitives.ts';
import { SessionError } from './session.ts';

/** One try at a session's prompt. */
export const Attempt = z
  .object({
    attempt: z.number().int(),
    automatic: z.boolean(),
    started_at: Timestamp,
    ended_at: Timestamp.optional(),
    outcome: z.enum(SESSION_STATUSES).optional(),
    agent_ids: z.array(Ulid),
    grants: z.number().int().describe('How often its work was granted'),
    active_seconds: z.number(),
    from_checkpoint: z.number().int().optional(),
    error: SessionError.optional(),
    success_rate: z.number().optional(),
    model_resolution: ModelResolution.optional(),
    tokens_used: z.number(),
    cost_usd: z.number(),
  })
  .meta({ id: 'Attempt' });

export const AttemptList = pageOf(Attempt).meta({ id: 'AttemptList' });

export const ListAttemptsQuery = z.strictObject({ ...pageQuery });
