import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Digest } from '#application/ports/digest';
import type { ModelPackages, TrainedVersion } from '#application/ports/model-packages';
import { isTakenGroup } from './sagemaker-errors.ts';

const DIGITS = 16;
// what the service allows in a value of the metadata
const FOREIGN = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const LONGEST_VALUE = 256;

export interface SageMakerPackages {
  readonly sagemaker: SageMakerClient;
  readonly stage: string;
  readonly digest: Pick<Digest, 'sha256'>;
}

const metadataOf = ({ version, jobId, datasetId, datasetSha256, baseModel }: TrainedVersion) =>
  Object.fromEntries(
    Object.entries({
      version,
      job_id: jobId,
      dataset_id: datasetId,
      dataset_sha256: datasetSha256,
      base_model: baseModel,
    }).map(([name, value]) => [name, value.replace(FOREIGN, '_').slice(0, LONGEST_VALUE)]),
  );

/**
 * Versions in the model registry of SageMaker: a group for each model of a tenant, a package for each version. A package names the
 * adapter only, no image that could serve it. It waits for approval there for ever: whether a version may serve is decided in ours.
 */
export const makeSageMakerPackages = ({ sagemaker, stage, digest }: SageMakerPackages): ModelPackages => {
  const ensureGroup = async ({ tenantId, modelName }: TrainedVersion): Promise<string> => {
    const name = `iorch-${stage}-${digest.sha256(`${tenantId}|${modelName}`).slice(0, DIGITS)}`;
    try {
      await sagemaker.send(
        new CreateModelPackageGroupCommand({
          ModelPackageGroupName: name,
          ModelPackageGroupDescription: modelName,
          Tags: [{ Key: 'iorch:tenant_id', Value: tenantId }],
        }),
      );
    } catch (error) {
      if (!isTakenGroup(error)) throw error;
    }
    return name;
  };

  return {
    async register(version) {
      const group = await ensureGroup(version);
      const source = { S3Uri: version.artifactUri, S3DataType: 'S3Object', CompressionType: 'Gzip' } as const;
      await sagemaker.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: group,
          ModelPackageDescription: `${version.modelName} ${version.version}`,
          InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: source } }] },
          ModelApprovalStatus: 'PendingManualApproval',
          CustomerMetadataProperties: metadataOf(version),
          ClientToken: `${version.jobId}-a${version.attempt}`,
        }),
      );
    },
  };
};
