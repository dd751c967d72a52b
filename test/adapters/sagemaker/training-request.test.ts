import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingRequest } from '#adapters/sagemaker/training-request';
import { ProviderRefused } from '#application/ports/training-provider';
import {
  DEFAULT_PARAMETERS,
  LR_SCHEDULERS,
  METHODS,
  type NumberRule,
  PARAMETER_RULES,
  QUANTIZATION_BITS,
  TARGET_MODULES,
  type TrainingParameters,
} from '#domain/training-job/parameters';
import { aProviderJob } from '#test/support/a-provider-job';
import { aTrainingInput } from '#test/support/a-training-job';
import { A_TRAINING_STAGE, TRAINING_FILES } from '#test/support/sagemaker/a-training-stage';
import { shapeProblems } from '#test/support/sagemaker/shape-problems';

const FOLDER = 's3://files/01JD8X5YB2M0Q4V6T8W1Z3C5E7/training/01JD8X5YB2M0Q4V6T8W1Z3C5E9/a1';
const { compute } = aTrainingInput();

const withParameters = (parameters: Partial<TrainingParameters>) =>
  aProviderJob({ input: aTrainingInput({ parameters: { ...DEFAULT_PARAMETERS, ...parameters } }) });
const withCompute = (changes: Partial<typeof compute>) =>
  aProviderJob({ input: aTrainingInput({ compute: { ...compute, ...changes } }) });
const requestOf = (job = aProviderJob(), files = TRAINING_FILES) => trainingRequest(A_TRAINING_STAGE, job, files);
const file = (ChannelName: string, S3Uri: string) => ({
  ChannelName,
  InputMode: 'File',
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri, S3DataDistributionType: 'FullyReplicated' } },
});

describe('a training on SageMaker', () => {
  it('is asked for in full', () => {
    expect(requestOf()).toEqual({
      TrainingJobName: 'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1',
      RoleArn: 'arn:aws:iam::000000000000:role/training',
      AlgorithmSpecification: {
        TrainingImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/iorch-training:1',
        TrainingInputMode: 'File',
      },
      HyperParameters: {
        method: 'lora',
        epochs: '3',
        learning_rate: '0.00005',
        batch_size: '4',
        gradient_accumulation_steps: '1',
        lora_rank: '8',
        lora_alpha: '16',
        lora_dropout: '0.05',
        target_modules: '["q_proj","v_proj"]',
        max_sequence_length: '2048',
        warmup_ratio: '0.03',
        weight_decay: '0',
        lr_scheduler: 'cosine',
        seed: '42',
        replay_items: '20',
        job_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E9',
        attempt: '1',
        base_model: 'acme/base-7b',
        dataset_id: '01JD8X5YB2M0Q4V6T8W1Z3C5EA',
        dataset_sha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
      },
      InputDataConfig: [
        file('base', 's3://weights/base-7b/'),
        file('train', 's3://files/tenant/datasets/one/train.jsonl'),
        file('eval', 's3://files/tenant/datasets/one/eval.jsonl'),
      ],
      OutputDataConfig: { S3OutputPath: `${FOLDER}/output` },
      CheckpointConfig: { S3Uri: `${FOLDER}/checkpoints`, LocalPath: '/opt/ml/checkpoints' },
      ResourceConfig: { InstanceType: 'ml.g5.2xlarge', InstanceCount: 1, VolumeSizeInGB: 100 },
      StoppingCondition: { MaxRuntimeInSeconds: 14_400, MaxWaitTimeInSeconds: 28_800 },
      EnableManagedSpotTraining: true,
      EnableNetworkIsolation: true,
      Tags: [
        { Key: 'iorch:tenant_id', Value: '01JD8X5YB2M0Q4V6T8W1Z3C5E7' },
        { Key: 'iorch:job_id', Value: '01JD8X5YB2M0Q4V6T8W1Z3C5E9' },
        { Key: 'iorch:attempt', Value: '1' },
      ],
    });
  });

  it('fits the model of the service, also at the limits of every parameter', () => {
    const wide = withParameters({
      method: 'qlora',
      quantizationBits: 8,
      learningRate: 1e-7,
      targetModules: TARGET_MODULES,
      maxSequenceLength: 32_768,
      seed: 4_294_967_295,
    });
    for (const job of [aProviderJob(), wide, { ...wide, attempt: 99 }]) {
      const request = requestOf(job, { ...TRAINING_FILES, baseline: 's3://files/t/training/j/a1/output/model.tar.gz' });
      expect(shapeProblems(JSON.parse(JSON.stringify(request)), 'CreateTrainingJobRequest')).toEqual([]);
      expect(Object.values(request.HyperParameters ?? {}).every((value) => typeof value === 'string')).toBe(true);
    }
    expect(requestOf(wide).HyperParameters).toMatchObject({
      quantization_bits: '8',
      learning_rate: '0.0000001',
      target_modules: JSON.stringify(TARGET_MODULES),
    });
  });

  it('has text of plain numbers only, within the limits of the service, whatever the parameters are', () => {
    const within = ({ min, max, isWhole }: NumberRule) =>
      isWhole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
    const numbers = {
      epochs: within(PARAMETER_RULES.epochs),
      learningRate: within(PARAMETER_RULES.learningRate),
      batchSize: within(PARAMETER_RULES.batchSize),
      gradientAccumulationSteps: within(PARAMETER_RULES.gradientAccumulationSteps),
      loraRank: within(PARAMETER_RULES.loraRank),
      loraAlpha: within(PARAMETER_RULES.loraAlpha),
      loraDropout: within(PARAMETER_RULES.loraDropout),
      maxSequenceLength: within(PARAMETER_RULES.maxSequenceLength),
      warmupRatio: within(PARAMETER_RULES.warmupRatio),
      weightDecay: within(PARAMETER_RULES.weightDecay),
      seed: within(PARAMETER_RULES.seed),
    };
    const others = {
      method: fc.constantFrom(...METHODS),
      targetModules: fc.subarray([...TARGET_MODULES], { minLength: 1 }),
      lrScheduler: fc.constantFrom(...LR_SCHEDULERS),
      quantizationBits: fc.constantFrom(...QUANTIZATION_BITS),
    };
    const anyName = fc.stringMatching(/^[!-~]{1,200}$/);
    fc.assert(
      fc.property(fc.record({ ...numbers, ...others }), anyName, (parameters, baseModel) => {
        const job = { ...withParameters(parameters), baseModel };
        const stage = { ...A_TRAINING_STAGE, baseModels: { [baseModel]: 's3://weights/any/' } };
        const request = trainingRequest(stage, job, TRAINING_FILES);
        const told = Object.entries(request.HyperParameters ?? {});
        expect(shapeProblems(JSON.parse(JSON.stringify(request)), 'CreateTrainingJobRequest')).toEqual([]);
        expect(told.length).toBeLessThanOrEqual(100);
        expect(told.every(([name, text]) => name.length <= 256 && text.length <= 2500)).toBe(true);
        for (const [name, value] of Object.entries(parameters).filter(([, each]) => typeof each === 'number')) {
          const text = request.HyperParameters?.[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
          if (name === 'quantizationBits' && parameters.method === 'lora') expect(text).toBeUndefined();
          else expect([Number(text), text]).toEqual([value, expect.stringMatching(/^\d+(\.\d+)?$/)]);
        }
      }),
    );
  });

  it('tells nothing of people, and nothing that a client noted beside its job', () => {
    const metadata = { requested_by: 'ada@example.com', token: 'sk-not-for-a-container' };
    const noted = requestOf(aProviderJob({ input: aTrainingInput({ metadata }) }));
    expect(noted).toEqual(requestOf());
  });

  it.each([
    [2.5e-7, '0.00000025'],
    [1e-2, '0.01'],
    [5e-5, '0.00005'],
    [0.000_123, '0.000123'],
  ])('writes %d without an exponent', (learningRate, text) => {
    expect(requestOf(withParameters({ learningRate })).HyperParameters?.['learning_rate']).toBe(text);
    expect(Number(text)).toBe(learningRate);
  });

  it('waits for spot machines only when it uses them', () => {
    const request = requestOf(withCompute({ useSpot: false }));
    expect(request.EnableManagedSpotTraining).toBe(false);
    expect(request.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 14_400 });
    expect(request.CheckpointConfig).toBeDefined();
  });

  it('has a channel for what there is, and no other', () => {
    const channels = (files: typeof TRAINING_FILES) =>
      requestOf(aProviderJob(), files).InputDataConfig?.map(({ ChannelName }) => ChannelName);
    expect(channels({ train: 's3://files/train' })).toEqual(['base', 'train']);
    expect(channels({ ...TRAINING_FILES, baseline: 's3://files/model.tar.gz' })).toEqual([
      'base',
      'train',
      'eval',
      'baseline',
    ]);
  });

  it('never has a network', () => {
    const request = requestOf();
    expect(request.EnableNetworkIsolation).toBe(true);
    expect(request.VpcConfig).toBeUndefined();
    expect(request.Environment).toBeUndefined();
  });

  it('is not begun by a function that has no role to hand on', () => {
    const { roleArn: _, ...looking } = A_TRAINING_STAGE;
    expect(() => trainingRequest(looking, aProviderJob(), TRAINING_FILES)).toThrow('may not begin trainings');
  });

  it.each([2, 8])('lets %d machines of a job talk to each other only, and encrypts what they say', (instanceCount) => {
    const request = requestOf(withCompute({ instanceCount }));
    expect(request.ResourceConfig?.InstanceCount).toBe(instanceCount);
    expect(request.EnableNetworkIsolation).toBe(true);
    expect(request.EnableInterContainerTrafficEncryption).toBe(true);
    // every machine sees the whole dataset
    expect(request.InputDataConfig?.map(({ DataSource }) => DataSource?.S3DataSource?.S3DataDistributionType)).toEqual(
      Array(3).fill('FullyReplicated'),
    );
    expect(shapeProblems(JSON.parse(JSON.stringify(request)), 'CreateTrainingJobRequest')).toEqual([]);
  });

  it('is refused without weights of the base model', () => {
    for (const baseModel of ['other', 'toString'])
      expect(() => requestOf(aProviderJob({ baseModel }))).toThrow(ProviderRefused);
    expect(() => requestOf(aProviderJob({ baseModel: 'other' }))).toThrow('choose one of acme/base-7b');
  });
});
