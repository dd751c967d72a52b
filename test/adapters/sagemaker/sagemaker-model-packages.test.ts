import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeSageMakerPackages } from '#adapters/sagemaker/sagemaker-model-packages';
import type { TrainedVersion } from '#application/ports/model-packages';
import { aSageMaker } from '#test/support/sagemaker/stand-in';
import { ServiceError } from '#test/support/sagemaker/training-jobs';

const aVersion = (fields: Partial<TrainedVersion> = {}) =>
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

describe('the model registry of SageMaker', () => {
  let service: Awaited<ReturnType<typeof aSageMaker>>;
  const packages = () =>
    makeSageMakerPackages({
      sagemaker: new SageMakerClient({
        endpoint: service.url,
        region: 'us-east-1',
        maxAttempts: 1,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      }),
      stage: 'dev',
      digest: nodeDigest,
    });

  beforeEach(async () => {
    service = await aSageMaker();
  });
  afterEach(() => service.close());

  it('gets a package for each version, in a group for each model of a tenant', async () => {
    await packages().register(aVersion());
    await packages().register(aVersion({ version: '1.1.0', attempt: 2 }));
    await packages().register(
      aVersion({ tenantId: '01JD8X5YB2M0Q4V6T8W1Z3C5EB', jobId: '01JD8X5YB2M0Q4V6T8W1Z3C5EC' }),
    );
    const groups = [...service.packages.groups];
    expect(groups.map(([name]) => name)).toEqual([
      expect.stringMatching(/^iorch-dev-[0-9a-f]{16}$/),
      expect.stringMatching(/^iorch-dev-[0-9a-f]{16}$/),
    ]);
    expect(groups.map(([, versions]) => versions.length)).toEqual([2, 1]);
    expect(groups[0]?.[1][0]).toMatchObject({
      ModelPackageDescription: 'shop-coder 1.0.0',
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [
          {
            ModelDataSource: {
              S3DataSource: {
                S3Uri: 's3://files/tenant/training/job/a1/output/model.tar.gz',
                S3DataType: 'S3Object',
                CompressionType: 'Gzip',
              },
            },
          },
        ],
      },
      CustomerMetadataProperties: {
        version: '1.0.0',
        job_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E9',
        dataset_id: '01JD8X5YB2M0Q4V6T8W1Z3C5EA',
        dataset_sha256: 'a'.repeat(64),
        base_model: 'acme/base 7b _beta_',
      },
      ClientToken: '01JD8X5YB2M0Q4V6T8W1Z3C5E9-a1',
    });
  });

  it('gets a version once, however often it is registered', async () => {
    for (const _ of ['once', 'twice']) await packages().register(aVersion());
    expect([...service.packages.groups.values()].map((versions) => versions.length)).toEqual([1]);
  });

  it('says so when it refuses', async () => {
    service.failures.push(new ServiceError('AccessDeniedException', 'not authorized'));
    await expect(packages().register(aVersion())).rejects.toThrow('not authorized');
  });
});
