import * as z from 'zod';
import { RESULT_STATUSES } from '#domain/assignment/result';
import { wholeNumber } from './primitives.ts';

export const AttemptQuery = z.strictObject({ attempt: wholeNumber(1).optional() });

export const VerificationOutcome = z
  .object({
    name: z.string(),
    passed: z.boolean(),
    weight: z.number(),
    exit_code: z.number().nullable(),
    duration_ms: z.number(),
    output: z.string(),
  })
  .meta({ id: 'VerificationOutcome' });

export const FileChange = z
  .object({
    path: z.string().max(1000),
    old_path: z.string().max(1000).optional(),
    status: z.enum(['added', 'modified', 'deleted', 'renamed']),
    additions: z.number().int().min(0),
    deletions: z.number().int().min(0),
    binary: z.boolean().optional(),
  })
  .meta({ id: 'FileChange' });

const Usage = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_tokens: z.number(),
  cache_read_tokens: z.number(),
  cache_write_tokens: z.number(),
  cost_usd: z.number(),
  agent_ms: z.number().optional(),
  verify_ms: z.number().optional(),
});

export const SessionResult = z
  .object({
    session_id: z.string(),
    attempt: z.number().int(),
    /** False while the attempt runs. */
    final: z.boolean(),
    status: z.enum(RESULT_STATUSES).optional(),
    summary: z.string().optional(),
    base_commit: z.string().optional(),
    result_commit: z.string().optional(),
    result_branch: z.string().optional(),
    pushed: z.boolean().optional(),
    verification: z.array(VerificationOutcome),
    usage: Usage,
    model: z.string().optional(),
    agent_success_rate: z.number().optional().describe("The agent's own opinion; verification decides"),
    confidence_score: z.number().optional().describe('How sure the agent is of its work, 0 to 1'),
    /** True when no real model did the work. */
    simulated: z.boolean().optional(),
  })
  .meta({ id: 'SessionResult' });

export const SessionDiff = z
  .object({
    available: z.boolean(),
    attempt: z.number().int().optional(),
    base_commit: z.string().optional(),
    result_commit: z.string().optional(),
    /** True when the diff was too large to keep and only the files are listed. */
    cut: z.boolean().optional(),
    files: z.array(FileChange),
    diff: z.string().optional(),
  })
  .meta({ id: 'SessionDiff' });

export type SessionResult = z.output<typeof SessionResult>;
export type SessionDiff = z.output<typeof SessionDiff>;
export type FileChange = z.output<typeof FileChange>;
export type VerificationOutcome = z.output<typeof VerificationOutcome>;
