import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeSageMakerPackages } from '#adapters/sagemaker/sagemaker-model-packages';
import { modelPackagesContract } from '#test/ports/model-packages.contract';
import { aTrainedVersion } from '#test/support/sagemaker/a-trained-version';
import { aSageMaker } from '#test/support/sagemaker/stand-in';
import { ServiceError } from '#test/support/sagemaker/training-jobs';

const aWorld = async () => {
  const service = await aSageMaker();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sagemaker = new SageMakerClient({ endpoint: service.url, region: 'us-east-1', maxAttempts: 1, credentials });
  const packages = makeSageMakerPackages({ sagemaker, stage: 'dev', digest: nodeDigest });
  return { service, sagemaker, packages, close: service.close };
};

modelPackagesContract("SageMaker's stand-in", aWorld);

describe('the model registry of SageMaker', () => {
  let world: Awaited<ReturnType<typeof aWorld>>;

  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  it('is asked for a package with its group, and with nothing that could serve it', async () => {
    await world.packages.register(aTrainedVersion());
    const [group, version] = world.service.requests.map(({ body }) => body);
    expect(group).toEqual({
      ModelPackageGroupName: expect.stringMatching(/^iorch-dev-[0-9a-f]{16}$/),
      ModelPackageGroupDescription: 'shop-coder',
      Tags: [{ Key: 'iorch:tenant_id', Value: '01JD8X5YB2M0Q4V6T8W1Z3C5E7' }],
    });
    const source = { S3Uri: aTrainedVersion().artifactUri, S3DataType: 'S3Object', CompressionType: 'Gzip' };
    expect(version).toEqual({
      ModelPackageGroupName: group?.['ModelPackageGroupName'],
      ModelPackageDescription: 'shop-coder 1.0.0',
      InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: source } }] },
      ModelApprovalStatus: 'PendingManualApproval',
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
    for (const _ of ['once', 'twice']) await world.packages.register(aTrainedVersion());
    expect([...world.service.packages.groups.values()].map((versions) => versions.length)).toEqual([1]);
  });

  it('says so when it refuses', async () => {
    world.service.failures.push(new ServiceError('AccessDeniedException', 'not authorized'));
    await expect(world.packages.register(aTrainedVersion())).rejects.toThrow('not authorized');
  });
});
