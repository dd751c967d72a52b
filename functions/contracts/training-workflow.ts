import * as z from 'zod';
import { TRAINING_STATUSES } from '#domain/training-job/status';
import { BrokenStepInput, parsedJson } from './workflow.ts';

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

/** What every state passes: whose job, which of its attempts, and which execution of it. Ids only. */
export const JobStepInput = z.object({
  tenant_id: z.string(),
  job_id: z.string(),
  attempt: z.number().int().min(1),
  // an execution that was begun by an earlier version of the machine is the first one
  run: z.number().int().min(1).default(1),
});

/** What a state that waits passes, too. */
export const JobTokenInput = JobStepInput.extend({ task_token: z.string() });

/** What the state that ends a job passes, too. */
export const SettleInput = JobStepInput.extend({ failure: BrokenStepInput.optional() });

/** What Step Functions says of an execution that ended without success. */
export const EndedTraining = z.object({
  source: z.literal('aws.states'),
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: parsedJson.pipe(JobStepInput) }),
});

/** What the clock asks for besides a look at what is due: an end to trainings that no job knows of. */
export const StrayHunt = z.object({ task: z.literal('stop-strays') });

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
