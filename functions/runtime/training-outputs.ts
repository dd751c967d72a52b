import { makeS3TrainingOutputs } from '#adapters/s3/s3-training-outputs';
import type { TrainingOutputs } from '#application/ports/training-outputs';
import { ports } from './ports.ts';
import { bucketUrlOf } from './ports-with-objects.ts';
import { tenantCredentials } from './tenant-credentials.ts';

/**
 * What trainings of a tenant left, in a deployed function, with credentials that reach no other tenant's; undefined on a stage that
 * only simulates them.
 */
export const trainingOutputsOf = (tenantId: string): TrainingOutputs | undefined => {
  const { environment } = ports();
  if (environment.TRAINING_IMAGE === undefined) return undefined;
  const place = { bucketUrl: bucketUrlOf(environment), region: environment.AWS_REGION };
  return makeS3TrainingOutputs({ ...place, credentials: () => tenantCredentials()(tenantId) }, tenantId);
};
