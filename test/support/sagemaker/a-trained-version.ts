import type { TrainedVersion } from '#application/ports/model-packages';

/** A version with what a registry of models is told of it. */
export const aTrainedVersion = (fields: Partial<TrainedVersion> = {}) =>
  ({
    tenantId: '01JD8X5YB2M0Q4V6T8W1Z3C5E7',
    modelName: 'shop-coder',
    version: '1.0.0',
    jobId: '01JD8X5YB2M0Q4V6T8W1Z3C5E9',
    attempt: 1,
    datasetId: '01JD8X5YB2M0Q4V6T8W1Z3C5EA',
    datasetSha256: 'a'.repeat(64),
    baseModel: 'acme/base 7b (beta)',
    artifactUri: 's3://files/tenant/training/job/a1/output/model.tar.gz',
    ...fields,
  }) as TrainedVersion;
