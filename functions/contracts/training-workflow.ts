import * as z from 'zod';
import { TRAINING_STATUSES } from '#domain/training-job/status';

/** Which step a state asks for, of those that need the table only. */
export const TrainingStepName = z.object({
  step: z.enum([
    'curate-dataset',
    'estimate-cost',
    'claim-training-slot',
    'judge-training',
    'evaluate-model',
    'judge-evaluation',
    'register-model',
  ]),
});
export type TrainingStepName = z.infer<typeof TrainingStepName>;

/** Which step a state asks for, of those that talk to the provider. */
export const ProviderStepName = z.object({ step: z.enum(['train-model', 'settle-training']) });
export type ProviderStepName = z.infer<typeof ProviderStepName>;

/** What every state passes: whose job, and which of its attempts. Ids only. */
export const JobStepInput = z.object({ tenant_id: z.string(), job_id: z.string(), attempt: z.number().int().min(1) });

/** What a state that waits passes, too. */
export const JobTokenInput = JobStepInput.extend({ task_token: z.string() });

/** What the state that ends a job passes, too. */
export const SettleInput = JobStepInput.extend({ failure: z.string().optional() });

/** What Judge Training answers: what follows from the attempt as it stands. */
export const TrainingJudgedAnswer = z.object({
  judged: z.enum(['evaluate', 'register', 'open', 'failed', 'elsewhere']),
});
export type TrainingJudgedAnswer = z.infer<typeof TrainingJudgedAnswer>;

/** What Judge Evaluation answers. */
export const EvaluationJudgedAnswer = z.object({ judged: z.enum(['register', 'open', 'failed', 'elsewhere']) });
export type EvaluationJudgedAnswer = z.infer<typeof EvaluationJudgedAnswer>;

/** What Settle answers: how the job ended, and why it is red. */
export const SettledAnswer = z.object({ status: z.enum(TRAINING_STATUSES), error: z.string(), cause: z.string() });
export type SettledAnswer = z.infer<typeof SettledAnswer>;
