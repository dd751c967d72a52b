import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { TrainingState } from './training-writes.ts';

const madeOf = ({ status, targetModelName, modelVersion }: TrainingJob) =>
  status === 'completed' ? { modelName: targetModelName, version: modelVersion } : null;

/** What happens now, or why nobody knows. */
const nowOf = (live: TrainingLive | undefined) => ({
  phase: live?.phase ?? null,
  providerError: live?.providerError ?? null,
});

/** A job as a list shows it. */
export const viewTrainingItem = (job: TrainingJob, live: TrainingLive | undefined) => ({
  id: job.id,
  baseModel: job.baseModel,
  targetModelName: job.targetModelName,
  version: job.modelVersion,
  datasetId: job.datasetId ?? null,
  provider: job.provider,
  status: job.status,
  attempt: job.attempt,
  externalJobId: live?.externalJobId ?? null,
  ...nowOf(live),
  progress: live?.progress ?? null,
  step: live?.step ?? null,
  totalSteps: live?.totalSteps ?? null,
  sampleCount: live?.dataset?.trainSamples ?? null,
  metrics: live?.metrics ?? null,
  estimate: live?.estimate ?? null,
  cost: live?.cost ?? null,
  artifactUri: live?.artifactUri ?? null,
  cancelRequested: job.cancelRequestedAt !== undefined,
  evaluation: live?.evaluation ?? null,
  modelVersion: madeOf(job),
  error: job.error ?? null,
  simulated: job.simulated,
  createdAt: job.createdAt,
  createdBy: job.createdBy,
  startedAt: job.startedAt ?? null,
  completedAt: job.completedAt ?? null,
  lockVersion: job.version,
});

/** A job with all that is stored of it. */
export const viewTraining = ({ job, input, live }: TrainingState) => ({ ...viewTrainingItem(job, live), ...input });
