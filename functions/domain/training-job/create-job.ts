import type { TrainingJob } from './training-job.ts';
import { recordTraining, type TrainingChange } from './transition.ts';

export type NewTrainingJob = Pick<
  TrainingJob,
  | 'tenantId'
  | 'id'
  | 'baseModel'
  | 'targetModelName'
  | 'modelVersion'
  | 'datasetId'
  | 'provider'
  | 'isGated'
  | 'createdBy'
>;

/** A new pending job with its first event. */
export const createTrainingJob = (fields: NewTrainingJob, at: string): TrainingChange => {
  const unborn: TrainingJob = {
    ...fields,
    simulated: fields.provider === 'simulated',
    version: 0,
    status: 'pending',
    statusUpdatedAt: at,
    attempt: 1,
    createdAt: at,
    updatedAt: at,
  };
  const { baseModel, targetModelName, provider } = fields;
  const payload = { base_model: baseModel, target_model_name: targetModelName, provider };
  return { before: null, ...recordTraining(unborn, { type: 'training_job.created', payload }, at) };
};
