export const METHODS = ['lora', 'qlora'] as const;
export type Method = (typeof METHODS)[number];

export const TARGET_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type TargetModule = (typeof TARGET_MODULES)[number];

export const LR_SCHEDULERS = ['linear', 'cosine', 'constant'] as const;
export const QUANTIZATION_BITS = [4, 8] as const;

/** How a model is trained. */
export interface TrainingParameters {
  readonly method: Method;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly gradientAccumulationSteps: number;
  readonly loraRank: number;
  readonly loraAlpha: number;
  readonly loraDropout: number;
  readonly targetModules: readonly TargetModule[];
  readonly maxSequenceLength: number;
  readonly warmupRatio: number;
  readonly weightDecay: number;
  readonly lrScheduler: (typeof LR_SCHEDULERS)[number];
  /** Only of qlora. */
  readonly quantizationBits?: (typeof QUANTIZATION_BITS)[number] | undefined;
  readonly seed: number;
}

/** A number with its limits and what it is when nobody says. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly isWhole: boolean;
}

const whole = (min: number, max: number, byDefault: number): NumberRule => ({
  min,
  max,
  default: byDefault,
  isWhole: true,
});
const real = (min: number, max: number, byDefault: number): NumberRule => ({
  min,
  max,
  default: byDefault,
  isWhole: false,
});

const MAX_SEED = 4_294_967_295;

/** Limits of every number among the parameters. */
export const PARAMETER_RULES = {
  epochs: whole(1, 20, 3),
  learningRate: real(1e-7, 1e-2, 5e-5),
  batchSize: whole(1, 128, 4),
  gradientAccumulationSteps: whole(1, 64, 1),
  loraRank: whole(1, 256, 8),
  loraAlpha: whole(1, 512, 16),
  loraDropout: real(0, 0.5, 0.05),
  maxSequenceLength: whole(128, 32_768, 2048),
  warmupRatio: real(0, 0.5, 0.03),
  weightDecay: real(0, 0.3, 0),
  seed: whole(0, MAX_SEED, 42),
} as const satisfies Partial<Record<keyof TrainingParameters, NumberRule>>;

/** What is trained with when nobody says otherwise. */
export const DEFAULT_PARAMETERS: TrainingParameters = {
  method: 'lora',
  epochs: PARAMETER_RULES.epochs.default,
  learningRate: PARAMETER_RULES.learningRate.default,
  batchSize: PARAMETER_RULES.batchSize.default,
  gradientAccumulationSteps: PARAMETER_RULES.gradientAccumulationSteps.default,
  loraRank: PARAMETER_RULES.loraRank.default,
  loraAlpha: PARAMETER_RULES.loraAlpha.default,
  loraDropout: PARAMETER_RULES.loraDropout.default,
  targetModules: ['q_proj', 'v_proj'],
  maxSequenceLength: PARAMETER_RULES.maxSequenceLength.default,
  warmupRatio: PARAMETER_RULES.warmupRatio.default,
  weightDecay: PARAMETER_RULES.weightDecay.default,
  lrScheduler: 'cosine',
  seed: PARAMETER_RULES.seed.default,
};

export const DEFAULT_QUANTIZATION_BITS = 4;

/** The machines that train. */
export interface Compute {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly useSpot: boolean;
  readonly maxRuntimeSeconds: number;
  readonly maxWaitSeconds: number;
}

export const COMPUTE_RULES = {
  instanceCount: whole(1, 8, 1),
  maxRuntimeSeconds: whole(600, 432_000, 14_400),
} as const;

export const DEFAULT_INSTANCE_TYPE = 'ml.g5.2xlarge';

/** How often a spot machine may be waited for, in terms of the running time, unless somebody says otherwise. */
export const WAIT_FACTOR = 2;
