import * as z from 'zod';
import { SESSION_STATUSES } from '#domain/session/status';

/**
 * What Begin Attempt answers: the attempt is under way, there is no slot, the pause before it is not over, the session has ended, or
 * another run drives it.
 */
export const AttemptAnswer = z.object({ attempt: z.enum(['begun', 'no_slot', 'backing_off', 'ended', 'superseded']) });
export type AttemptAnswer = z.infer<typeof AttemptAnswer>;

/** What Judge Outcome answers: how the attempt ended, or why there is nothing to record. */
export const OutcomeAnswer = z.object({ outcome: z.enum([...SESSION_STATUSES, 'open', 'retry', 'superseded']) });
export type OutcomeAnswer = z.infer<typeof OutcomeAnswer>;

/** What Schedule Retry answers: how long to wait before the next attempt begins. Whole seconds. */
export const RetryAnswer = z.object({ seconds: z.number().int().min(0) });
export type RetryAnswer = z.infer<typeof RetryAnswer>;

/** What Record Outcome answers: the color of the execution, and why it is red. */
export const RecordedAnswer = z.object({
  status: z.enum(SESSION_STATUSES),
  success: z.boolean(),
  error: z.string(),
  cause: z.string(),
});
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/** What every state passes: whose session, and which of its runs. Ids only. */
export const StepInput = z.object({ tenant_id: z.string(), session_id: z.string(), run: z.number().int().min(1) });

/** What a state that waits passes, too. */
export const TokenStepInput = StepInput.extend({ task_token: z.string() });

/** What the state that ends a session passes, too. */
export const OutcomeStepInput = StepInput.extend({ failure: z.string().optional() });

/** Which state of a machine failed for good, and how, as Step Functions says it. */
export const BrokenStepInput = z.object({ state: z.string(), error: z.string(), cause: z.string() });

/** A text that holds JSON. */
export const parsedJson = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** What Step Functions says of an execution that ended without success. */
export const EndedExecution = z.object({
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: parsedJson.pipe(StepInput) }),
});
