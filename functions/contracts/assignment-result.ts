import * as z from 'zod';
import { ASSIGNMENT_STATES } from '#domain/assignment/assignment';
import { RESULT_STATUSES } from '#domain/assignment/result';
import { ArtifactPath } from './artifact.ts';
import { bytesOf, FencingToken, UsageReport } from './assignment.ts';
import { EAP_LIMITS } from './limits.ts';
import { notOffered, text, Ulid } from './primitives.ts';
import { FileChange } from './session-result.ts';

const VerificationReport = z.object({
  name: z.string().max(60),
  exit_code: z.number().int().nullable(),
  duration_ms: z.number().min(0),
  output: z.string().max(4000).default(''),
});

const OutputData = z
  .looseObject({
    summary: z.string().max(10_000).optional(),
    diff: z.string().max(EAP_LIMITS.diffCharacters).optional(),
    diff_cut: z.boolean().default(false),
    files: z.array(FileChange).max(2000).default([]),
    base_commit: z.string().max(64).optional(),
    result_commit: z.string().max(64).optional(),
    result_branch: z.string().max(200).optional(),
    pushed: z.boolean().optional(),
    verification: z.array(VerificationReport).max(20).default([]),
    model: z.string().max(200).optional(),
    simulated: z.boolean().default(false),
    agent_ms: z.number().min(0).optional(),
    verify_ms: z.number().min(0).optional(),
  })
  .refine((value) => bytesOf(value) <= EAP_LIMITS.outputBytes, 'must be at most 256 KB as JSON')
  .meta({ id: 'OutputData' });

export const SubmitResultRequest = z
  .object({
    task_id: Ulid,
    status: z
      .enum([...RESULT_STATUSES, 'paused'])
      .refine((status) => status !== 'paused', 'paused is not offered by this version; send stopped or failed'),
    fencing_token: FencingToken,
    output_data: OutputData.prefault({}),
    error_message: text(0, 2000).optional(),
    error_code: text(1, 50).optional(),
    retryable: z.boolean().default(true),
    partial: z.boolean().default(false),
    execution_time_ms: z.number().min(0).default(0),
    metrics: UsageReport.optional(),
    artifacts: z
      .array(
        z.object({
          path: ArtifactPath,
          artifact_id: Ulid,
          content: notOffered('announce the file, upload it and name its artifact_id'),
        }),
      )
      .max(200)
      .default([]),
    success_rate: z.number().min(0).max(1).nullish(),
    confidence_score: z.number().min(0).max(1).nullish(),
  })
  .refine(({ status, error_message }) => status !== 'failed' || error_message !== undefined, {
    path: ['error_message'],
    message: 'is required with status failed',
  })
  .meta({
    id: 'SubmitResultRequest',
    example: {
      task_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E7',
      status: 'completed',
      fencing_token: 1,
      output_data: { summary: 'Done.' },
    },
  });

export const SubmitResultAnswer = z
  .object({ assignment_id: Ulid, state: z.enum(ASSIGNMENT_STATES), duplicate: z.boolean() })
  .meta({ id: 'SubmitResultAnswer' });
