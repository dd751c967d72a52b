import type { Channel, CreateTrainingJobCommandInput, TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { type ProviderJob, ProviderRefused } from '#application/ports/training-provider';
import { hyperparametersOf } from './hyperparameters.ts';
import { trainingName } from './training-name.ts';
import { attemptFolder, checkpointFolder } from './training-place.ts';

/** What a stage offers to train with. */
export interface TrainingStage {
  readonly stage: string;
  /** Holds datasets, outputs and checkpoints, each below its tenant. */
  readonly bucket: string;
  /** The image of the training program. */
  readonly image: string;
  /** What SageMaker acts as: it reads and writes the bucket, the container itself has no credentials. Absent where nothing may be begun. */
  readonly roleArn?: string | undefined;
  /** Where the weights of each base model lie. */
  readonly baseModels: Readonly<Record<string, string>>;
  readonly volumeGb: number;
}

/** Files that an attempt trains with, beside the weights of its base model. */
export interface TrainingFiles {
  readonly train: string;
  /** Absent when the dataset has no eval part: SageMaker refuses a channel without files. */
  readonly eval?: string | undefined;
  /** The champion's artifact; absent when there is none. */
  readonly baseline?: string | undefined;
}

const channel = (name: string, uri: string): Channel => ({
  ChannelName: name,
  InputMode: 'File',
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
});

const weightsOf = ({ baseModels }: TrainingStage, baseModel: string): string => {
  const uri = Object.hasOwn(baseModels, baseModel) ? baseModels[baseModel] : undefined;
  if (uri === undefined)
    throw new ProviderRefused(
      `the stage offers no weights of ${baseModel}: choose one of ${Object.keys(baseModels).join(', ') || 'none'}`,
    );
  return uri;
};

/**
 * What SageMaker is asked for. The container gets no network but to the job's other machines, and no credentials, whatever it was told.
 * @throws ProviderRefused for what the training program or the stage cannot do
 */
export const trainingRequest = (
  stage: TrainingStage,
  job: ProviderJob,
  files: TrainingFiles,
): CreateTrainingJobCommandInput => {
  const { compute } = job.input;
  if (stage.roleArn === undefined) throw new Error('this function may not begin trainings');
  return {
    TrainingJobName: trainingName(stage.stage, job),
    RoleArn: stage.roleArn,
    AlgorithmSpecification: { TrainingImage: stage.image, TrainingInputMode: 'File' },
    HyperParameters: { ...hyperparametersOf(job) },
    InputDataConfig: [
      channel('base', weightsOf(stage, job.baseModel)),
      channel('train', files.train),
      ...(files.eval === undefined ? [] : [channel('eval', files.eval)]),
      ...(files.baseline === undefined ? [] : [channel('baseline', files.baseline)]),
    ],
    OutputDataConfig: { S3OutputPath: `${attemptFolder(stage.bucket, job)}/output` },
    // also without spot: what the program leaves there can be read as plain objects
    CheckpointConfig: { S3Uri: checkpointFolder(stage.bucket, job), LocalPath: '/opt/ml/checkpoints' },
    ResourceConfig: {
      // an instance type that SageMaker does not know is its to refuse
      InstanceType: compute.instanceType as TrainingInstanceType,
      InstanceCount: compute.instanceCount,
      VolumeSizeInGB: stage.volumeGb,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: compute.maxRuntimeSeconds,
      // only spot jobs may have one
      ...(compute.useSpot && { MaxWaitTimeInSeconds: compute.maxWaitSeconds }),
    },
    EnableManagedSpotTraining: compute.useSpot,
    EnableNetworkIsolation: true,
    // what machines tell each other is made of the tenant's data
    ...(compute.instanceCount > 1 && { EnableInterContainerTrafficEncryption: true }),
    Tags: [
      { Key: 'iorch:tenant_id', Value: job.tenantId },
      { Key: 'iorch:job_id', Value: job.jobId },
      { Key: 'iorch:attempt', Value: String(job.attempt) },
    ],
  };
};
