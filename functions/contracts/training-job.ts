import * as z from 'zod';
import { BUMPS, VERSION_PATTERN } from '#domain/model/semver';
import { TRAINING_STATUSES } from '#domain/training-job/status';
import { PHASES, PROVIDERS } from '#domain/training-job/training-job';
import { EvaluationSummary } from './evaluation.ts';
import { jsonMap, pageOf, pageQuery, severalOf, Timestamp, text, Ulid, wholeNumber } from './primitives.ts';
import { Compute, GateRules, Simulation, TrainingParameters } from './training-parameters.ts';

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const ModelName = z
  .string()
  .regex(MODEL_NAME, 'must begin with a letter or digit and have up to 100 letters, digits, ., _ and -');

const Version = z.string().regex(VERSION_PATTERN, 'must be M.m.p or M.m.p-build');

/** Controls, and what changes the direction of the text around it. */
const HIDDEN = /[\p{Cc}\p{Bidi_C}\u2028\u2029]/u;

const job = {
  base_model: text(1, 200).refine((name) => !HIDDEN.test(name), 'must not contain characters that cannot be seen'),
  target_model_name: ModelName,
  version: Version.optional(),
  bump: z.enum(BUMPS).optional(),
  dataset_id: Ulid.nullable().optional(),
  provider: z.enum(PROVIDERS).optional().describe('Without it the one of the stage'),
  parameters: TrainingParameters.prefault({}),
  compute: Compute.prefault({}),
  gate: GateRules.prefault({}),
  simulation: Simulation.optional().describe('Only with provider simulated'),
  auto_start: z.boolean().default(false).describe('Starts it in the same transaction; for leads'),
  metadata: jsonMap(16).default({}),
};

interface Asked {
  readonly version?: string | undefined;
  readonly bump?: string | undefined;
  readonly provider?: string | undefined;
  readonly simulation?: unknown;
}

export const CreateTrainingJobRequest = z
  .strictObject(job)
  .refine(({ version, bump }: Asked) => !(version && bump), {
    path: ['bump'],
    message: 'raises the latest version: leave it or version out',
  })
  .refine(({ provider, simulation }: Asked) => simulation === undefined || provider !== 'sagemaker', {
    path: ['simulation'],
    message: 'only a simulated training has it',
  })
  .meta({
    id: 'CreateTrainingJobRequest',
    example: {
      base_model: 'mistralai/Mistral-7B-v0.1',
      target_model_name: 'shop-coder',
      bump: 'minor',
      provider: 'simulated',
      parameters: { epochs: 2, lora_rank: 16 },
    },
  });

export const StartTrainingJobRequest = z
  .strictObject({ dataset_id: Ulid.optional() })
  .meta({ id: 'StartTrainingJobRequest' });

export const CancelTrainingJobRequest = z
  .strictObject({ reason: text(0, 500).optional() })
  .meta({ id: 'CancelTrainingJobRequest' });

export const RetryTrainingJobRequest = z.strictObject({}).meta({ id: 'RetryTrainingJobRequest' });
export const PollTrainingJobsRequest = z.strictObject({}).meta({ id: 'PollTrainingJobsRequest' });

export const TrainingEstimate = z
  .object({
    tokens: z.number().nullable(),
    seconds: z.number().nullable(),
    expected_usd: z.number().nullable(),
    max_usd: z.number(),
    evaluation_max_usd: z.number().optional().meta({
      description:
        'Two sessions for each of gate.replay_items at gate.replay_max_cost_usd. What a session spends between two looks, and second tries of those that a provider or agent kept from being done, come on top.',
    }),
    price_table_version: z.string(),
    as_of: z.string(),
    prices: z
      .object({
        usd_per_hour: z.number(),
        tokens_per_second: z.number(),
        startup_seconds: z.number(),
        upload_seconds: z.number(),
        spot_factor: z.number(),
      })
      .optional(),
    simulated: z.boolean(),
  })
  .meta({ id: 'TrainingEstimate' });

const FinalMetrics = z
  .object({
    final_loss: z.number().nullable(),
    eval_loss: z.number().nullable(),
    accuracy: z.number().nullable(),
    training_duration_seconds: z.number().nullable(),
    tokens_processed: z.number().nullable(),
  })
  .meta({ id: 'FinalMetrics', description: 'null where nobody knows' });

const item = {
  id: Ulid,
  base_model: z.string(),
  target_model_name: z.string(),
  version: z.string(),
  dataset_id: Ulid.nullable(),
  provider: z.enum(PROVIDERS),
  status: z.enum(TRAINING_STATUSES),
  attempt: z.number().int(),
  external_job_id: z.string().nullable(),
  phase: z.enum(PHASES).nullable(),
  provider_error: z
    .string()
    .nullable()
    .describe('What the provider says in place of how the training stands; null while it answers'),
  progress: z.number().nullable(),
  step: z.number().int().nullable(),
  total_steps: z.number().int().nullable(),
  sample_count: z.number().int().nullable(),
  metrics: FinalMetrics.nullable(),
  estimate: TrainingEstimate.nullable(),
  cost: z
    .object({
      usd: z.number(),
      billable_seconds: z.number().nullable(),
      spot_savings: z.number().nullable(),
      source: z.enum(['priced', 'simulated']),
    })
    .nullable(),
  artifact_uri: z.string().nullable(),
  cancel_requested: z.boolean(),
  evaluation: EvaluationSummary.nullable(),
  model_version: z.object({ model_name: z.string(), version: z.string() }).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  simulated: z.boolean(),
  created_at: Timestamp,
  created_by: z.string(),
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  lock_version: z.number().int(),
};

export const TrainingJobItem = z.object(item).meta({ id: 'TrainingJobItem' });

export const TrainingJob = z
  .object({
    ...item,
    parameters: TrainingParameters,
    compute: Compute,
    gate: GateRules,
    simulation: Simulation.optional(),
    metadata: z.record(z.string(), z.json()),
  })
  .meta({ id: 'TrainingJob' });

export const TrainingJobList = pageOf(TrainingJobItem).meta({ id: 'TrainingJobList' });

export const ListTrainingJobsQuery = z.strictObject({
  ...pageQuery,
  status: severalOf(z.enum(TRAINING_STATUSES), 'One or several statuses, comma separated.'),
  base_model: severalOf(z.string().min(1).max(200), 'One or several base models, comma separated.'),
  target_model_name: severalOf(ModelName, 'One or several names, comma separated.'),
  provider: severalOf(z.enum(PROVIDERS), 'One or several providers, comma separated.'),
});

export const MetricPoint = z
  .object({
    step: z.number().int(),
    epoch: z.number(),
    train_loss: z.number(),
    eval_loss: z.number().optional(),
    learning_rate: z.number().optional(),
    tokens_processed: z.number().int(),
    at: Timestamp,
    simulated: z.boolean(),
  })
  .meta({ id: 'MetricPoint' });

export const MetricPointList = pageOf(MetricPoint).meta({ id: 'MetricPointList' });

export const ListMetricsQuery = z.strictObject({
  ...pageQuery,
  attempt: wholeNumber(1).optional().describe('Without it the newest'),
});

export const TrainingPoll = z
  .object({ checked_count: z.number().int(), updated_count: z.number().int(), failed_count: z.number().int() })
  .meta({ id: 'TrainingPoll' });

export type TrainingJob = z.output<typeof TrainingJob>;
export type TrainingJobItem = z.output<typeof TrainingJobItem>;
export type TrainingEstimate = z.output<typeof TrainingEstimate>;
export type MetricPoint = z.output<typeof MetricPoint>;
