import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { makeSageMakerFleet } from '#adapters/sagemaker/sagemaker-training-fleet';
import { makeSageMakerTrainingProvider } from '#adapters/sagemaker/sagemaker-training-provider';
import { datasetFiles } from '#adapters/sagemaker/training-place';
import type { TrainingProvider } from '#application/ports/training-provider';
import { A_TRAINING_STAGE } from './a-training-stage.ts';
import { SageMakerService } from './stand-in.ts';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** SageMaker without a socket, for worlds in which nothing may take time: the SDK's clients write and read the same bytes. */
export const aDrivenProvider = (now: () => number) => {
  const service = new SageMakerService();
  service.jobs.now = Math.floor(now() / 1000);
  const requestHandler = {
    handle: async ({ headers, body }: Request) => {
      const sent = typeof body === 'string' ? body : new TextDecoder().decode(body);
      const { status, text } = service.answer(headers['x-amz-target'] ?? '', sent);
      return { response: { statusCode: status, headers: {}, body: Buffer.from(text) } };
    },
  };
  const options = {
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler as never,
  };
  const sagemaker = new SageMakerClient(options);
  const training = makeSageMakerTrainingProvider({
    sagemaker,
    logs: new CloudWatchLogsClient(options),
    stage: A_TRAINING_STAGE,
    files: async (job) => datasetFiles(A_TRAINING_STAGE.bucket, job),
  });
  const catchUp = () => service.jobs.advance(Math.floor(now() / 1000) - service.jobs.now);
  const provider: TrainingProvider = {
    nameOf: training.nameOf,
    start: (job) => {
      catchUp();
      return training.start(job);
    },
    status: (id, job) => {
      catchUp();
      return training.status(id, job);
    },
    cancel: (id, job) => {
      catchUp();
      return training.cancel(id, job);
    },
  };
  const fleet = makeSageMakerFleet({ sagemaker, stage: A_TRAINING_STAGE.stage });
  return { service, provider, fleet, catchUp };
};
