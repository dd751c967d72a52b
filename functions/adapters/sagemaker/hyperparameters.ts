import type { ProviderJob } from '#application/ports/training-provider';

// as JavaScript writes it, but never with an exponent: 5e-7 is 0.0000005
const decimal = (value: number): string => {
  const shortest = String(value);
  const [digits = '', exponent] = shortest.split('e-');
  if (exponent === undefined) return shortest;
  const [whole = '', fraction = ''] = digits.split('.');
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
};

const text = (value: number | string | readonly string[]): string => {
  if (typeof value === 'number') return decimal(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What the training program is told: strings only, no ids of people, no secrets. */
export const hyperparametersOf = (job: ProviderJob): Readonly<Record<string, string>> => {
  const { parameters, gate } = job.input;
  const values = {
    method: parameters.method,
    epochs: parameters.epochs,
    learning_rate: parameters.learningRate,
    batch_size: parameters.batchSize,
    gradient_accumulation_steps: parameters.gradientAccumulationSteps,
    lora_rank: parameters.loraRank,
    lora_alpha: parameters.loraAlpha,
    lora_dropout: parameters.loraDropout,
    target_modules: parameters.targetModules,
    max_sequence_length: parameters.maxSequenceLength,
    warmup_ratio: parameters.warmupRatio,
    weight_decay: parameters.weightDecay,
    lr_scheduler: parameters.lrScheduler,
    seed: parameters.seed,
    ...(parameters.method === 'qlora' &&
      parameters.quantizationBits !== undefined && { quantization_bits: parameters.quantizationBits }),
    // so many more answers are compared, as those of replayed samples do not count
    replay_items: gate.enabled ? gate.replayItems : 0,
    // for the manifest, and to see that the files are those of the dataset
    job_id: job.jobId,
    attempt: job.attempt,
    base_model: job.baseModel,
    dataset_id: job.datasetId,
    dataset_sha256: job.dataset.sha256,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
};
