import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { type ProviderJob, ProviderRefused, type TrainingProvider } from '#application/ports/training-provider';
import type { ProviderReport } from '#domain/training-job/advance';
import type { FinalMetrics, MetricPoint } from '#domain/training-job/metric-point';
import { isRefusal, isTaken, permitted } from './sagemaker-errors.ts';
import { describeTraining, stopTraining } from './training-calls.ts';
import { readTrainingLog } from './training-log.ts';
import { trainingName } from './training-name.ts';
import { attemptFolder } from './training-place.ts';
import { type TrainingFiles, type TrainingStage, trainingRequest } from './training-request.ts';
import { standingOf } from './training-status.ts';

export interface SageMakerTraining {
  readonly sagemaker: SageMakerClient;
  readonly logs: CloudWatchLogsClient;
  readonly stage: TrainingStage;
  /** Where the files of an attempt lie. */
  readonly files: (job: ProviderJob) => Promise<TrainingFiles>;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const stepsOf = ({ dataset, input: { parameters } }: ProviderJob): number =>
  Math.ceil(dataset.trainSamples / (parameters.batchSize * parameters.gradientAccumulationSteps)) * parameters.epochs;

const newestOf = (points: readonly MetricPoint[]): MetricPoint | undefined =>
  points.toSorted((a, b) => a.step - b.step).at(-1);

const finalMetrics = (points: readonly MetricPoint[], trainingSeconds: number | undefined): FinalMetrics => {
  const last = newestOf(points);
  return {
    finalLoss: last?.trainLoss ?? null,
    evalLoss: newestOf(points.filter(({ evalLoss }) => evalLoss !== undefined))?.evalLoss ?? null,
    // the log does not tell
    accuracy: null,
    trainingDurationSeconds: trainingSeconds ?? null,
    tokensProcessed: last?.tokensProcessed ?? null,
  };
};

/** Trains on SageMaker. Every start, look and stop may be repeated. */
export const makeSageMakerTrainingProvider = ({
  sagemaker,
  logs,
  stage,
  files,
}: SageMakerTraining): TrainingProvider => {
  /** A name that is taken is this attempt's, begun before, or a stranger's. */
  const takeOver = async (name: string, job: ProviderJob) => {
    const found = await describeTraining(sagemaker, name);
    if (found?.OutputDataConfig?.S3OutputPath !== `${attemptFolder(stage.bucket, job)}/output`)
      throw new ProviderRefused(`SageMaker has another training job named ${name}: retry the job`);
  };

  const report = async (
    found: DescribeTrainingJobResponse,
    name: string,
    job: ProviderJob,
  ): Promise<ProviderReport> => {
    const standing = standingOf({
      status: found.TrainingJobStatus ?? '',
      secondaryStatus: found.SecondaryStatus ?? '',
      failureReason: found.FailureReason,
    });
    if (standing.status === 'unknown' || standing.phase === 'preparing') return { ...standing, points: [] };
    const isOver = standing.status !== 'running' && standing.phase === undefined;
    // the end needs the last line, which an earlier look may have read
    const { points, position } = await readTrainingLog(logs, name, isOver ? undefined : job.logPosition);
    const step = newestOf(points)?.step;
    const totalSteps = stepsOf(job);
    return {
      ...standing,
      points,
      totalSteps,
      ...(step !== undefined && { step, progress: Math.min(1, step / totalSteps) }),
      ...(position !== undefined && { logPosition: position }),
      ...(found.BillableTimeInSeconds !== undefined && { billableSeconds: found.BillableTimeInSeconds }),
      ...(found.TrainingTimeInSeconds !== undefined && { trainingSeconds: found.TrainingTimeInSeconds }),
      ...(standing.status === 'completed' && {
        finalMetrics: finalMetrics(points, found.TrainingTimeInSeconds),
        artifactUri: found.ModelArtifacts?.S3ModelArtifacts,
        progress: 1,
      }),
    };
  };

  return {
    nameOf: (job) => trainingName(stage.stage, job),

    async start(job) {
      const request = trainingRequest(stage, job, await files(job));
      const name = request.TrainingJobName ?? '';
      try {
        await sagemaker.send(new CreateTrainingJobCommand(request));
      } catch (error) {
        if (isTaken(error)) await takeOver(name, job);
        else if (isRefusal(error))
          throw new ProviderRefused(`SageMaker refuses the training: ${messageOf(error)}`, { cause: error });
        else throw error;
      }
      return { externalJobId: name };
    },

    async status(externalJobId, job) {
      const found = await permitted(describeTraining(sagemaker, externalJobId));
      return found === undefined ? 'missing' : permitted(report(found, externalJobId, job));
    },

    async cancel(externalJobId) {
      await permitted(stopTraining(sagemaker, externalJobId));
      return true;
    },
  };
};
