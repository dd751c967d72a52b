import * as z from 'zod';
import {
  COMPUTE_RULES,
  DEFAULT_INSTANCE_TYPE,
  DEFAULT_PARAMETERS,
  LR_SCHEDULERS,
  METHODS,
  type NumberRule,
  PARAMETER_RULES,
  QUANTIZATION_BITS,
  TARGET_MODULES,
  WAIT_FACTOR,
} from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION } from '#domain/training-job/simulation';
import { text } from './primitives.ts';

const numberOf = ({ min, max, default: byDefault, isWhole }: NumberRule) =>
  (isWhole ? z.number().int() : z.number()).min(min).max(max).default(byDefault);

const distinct = (list: readonly string[]) => new Set(list).size === list.length;

const Bits = z.union(QUANTIZATION_BITS.map((bits) => z.literal(bits)) as [z.ZodLiteral<4>, z.ZodLiteral<8>]);

const parameters = {
  method: z.enum(METHODS).default(DEFAULT_PARAMETERS.method),
  epochs: numberOf(PARAMETER_RULES.epochs),
  learning_rate: numberOf(PARAMETER_RULES.learningRate),
  batch_size: numberOf(PARAMETER_RULES.batchSize),
  gradient_accumulation_steps: numberOf(PARAMETER_RULES.gradientAccumulationSteps),
  lora_rank: numberOf(PARAMETER_RULES.loraRank),
  lora_alpha: numberOf(PARAMETER_RULES.loraAlpha),
  lora_dropout: numberOf(PARAMETER_RULES.loraDropout),
  target_modules: z
    .array(z.enum(TARGET_MODULES))
    .min(1)
    .max(TARGET_MODULES.length)
    .refine(distinct, 'must not name a module twice')
    .default([...DEFAULT_PARAMETERS.targetModules]),
  max_sequence_length: numberOf(PARAMETER_RULES.maxSequenceLength),
  warmup_ratio: numberOf(PARAMETER_RULES.warmupRatio),
  weight_decay: numberOf(PARAMETER_RULES.weightDecay),
  lr_scheduler: z.enum(LR_SCHEDULERS).default(DEFAULT_PARAMETERS.lrScheduler),
  seed: numberOf(PARAMETER_RULES.seed),
};

/** How a model is trained. */
export const TrainingParameters = z
  .strictObject({
    ...parameters,
    quantization_bits: Bits.optional().describe('Only with qlora, where 4 is the default'),
  })
  .refine(({ method, quantization_bits }) => method === 'qlora' || quantization_bits === undefined, {
    path: ['quantization_bits'],
    message: 'only qlora quantizes: set method to qlora, or leave it out',
  })
  .meta({ id: 'TrainingParameters' });

/** The machines that train. */
export const Compute = z
  .strictObject({
    instance_type: text(1, 50).default(DEFAULT_INSTANCE_TYPE),
    instance_count: numberOf(COMPUTE_RULES.instanceCount),
    use_spot: z.boolean().default(true),
    max_runtime_seconds: numberOf(COMPUTE_RULES.maxRuntimeSeconds),
    max_wait_seconds: z
      .number()
      .int()
      .min(COMPUTE_RULES.maxRuntimeSeconds.min)
      .max(1_000_000)
      .optional()
      .describe(`${WAIT_FACTOR} × max_runtime_seconds`),
  })
  .refine(
    ({ max_runtime_seconds, max_wait_seconds = Number.POSITIVE_INFINITY }) => max_wait_seconds >= max_runtime_seconds,
    {
      path: ['max_wait_seconds'],
      message: 'must not be below max_runtime_seconds',
    },
  )
  .meta({ id: 'TrainingCompute' });

/** How a simulated training behaves. */
export const Simulation = z
  .strictObject({
    queue_seconds: z.number().int().min(0).max(60).default(DEFAULT_SIMULATION.queueSeconds),
    train_seconds: z.number().int().min(1).max(3600).nullable().default(DEFAULT_SIMULATION.trainSeconds),
    fail_at_progress: z.number().min(0).max(1).nullable().default(DEFAULT_SIMULATION.failAtProgress),
    fail_code: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{0,49}$/, 'must be capitals, digits and _')
      .default(DEFAULT_SIMULATION.failCode),
    quality_shift: z.number().min(-1).max(1).default(DEFAULT_SIMULATION.qualityShift),
  })
  .meta({ id: 'Simulation' });

const ModelIdentifier = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.:@/{}-]+$/, 'must be provider/model')
  .nullable()
  .default(null);

const share = z.number().min(0).max(1);

/** Rules of the comparison that a trained model has to pass. */
export const GateRules = z
  .strictObject({
    enabled: z.boolean().default(true),
    replay_items: z.number().int().min(0).max(200).default(20),
    replay_max_cost_usd: z.number().min(0.01).max(100).default(0.5).meta({
      description:
        'What one replayed session may cost. One that has cost more is cancelled and counts as not passed. It is looked at once a minute and when a session ends, so what its model spends in between comes on top.',
    }),
    serving_model_identifier: ModelIdentifier,
    baseline_model_identifier: ModelIdentifier,
    min_eval_samples: z.number().int().min(1).max(10_000).default(10),
    require_better: z.boolean().default(false),
    min_improvement: z.number().min(-1).max(1).default(0),
    max_text_regression: share.default(0.05),
    max_loss_regression: z.number().min(0).max(10).default(0.02),
    min_pass_rate: share.nullable().default(null),
    max_eval_loss: z.number().min(0).max(100).nullable().default(null),
    min_accuracy: share.nullable().default(null),
    auto_promote: z.boolean().default(false),
  })
  .meta({ id: 'GateRules' });
