import { attemptOf } from './training-name.ts';
import { ownerOf } from './training-place.ts';

/** A job to look at, because SageMaker said that its training changed. */
export interface ChangedTraining {
  readonly tenantId: string;
  readonly jobId: string;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/**
 * Whose job an event of SageMaker is about; undefined for any other event, and for a training that this stage did not begin.
 * What the event says of its status is left aside: events come twice and late, a look does not.
 */
export const changedTraining = (stage: string, event: unknown): ChangedTraining | undefined => {
  if (fieldOf(event, 'source') !== 'aws.sagemaker') return undefined;
  const detail = fieldOf(event, 'detail');
  const name = fieldOf(detail, 'TrainingJobName');
  const path = fieldOf(fieldOf(detail, 'OutputDataConfig'), 'S3OutputPath');
  if (typeof name !== 'string' || typeof path !== 'string') return undefined;
  const owner = ownerOf(path);
  return owner !== undefined && attemptOf(stage, name)?.jobId === owner.jobId ? owner : undefined;
};
