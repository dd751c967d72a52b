import type { ProviderJob } from './ports/training-provider.ts';
import type { TrainingState } from './training-writes.ts';

/** A job as its provider sees it; undefined before there is a dataset. */
export const providerJob = ({ job, input, live }: TrainingState): ProviderJob | undefined => {
  if (live.dataset === undefined || job.datasetId === undefined) return undefined;
  const { tenantId, attempt, baseModel, targetModelName, modelVersion, datasetId, cancelRequestedAt } = job;
  const { dataset, submittedAt, logPosition } = live;
  const known = {
    tenantId,
    jobId: job.id,
    attempt,
    baseModel,
    targetModelName,
    modelVersion,
    datasetId,
    dataset,
    input,
  };
  return { ...known, submittedAt, cancelRequestedAt, logPosition };
};
