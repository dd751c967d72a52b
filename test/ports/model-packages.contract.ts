import {
  DescribeModelPackageCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelPackages } from '#application/ports/model-packages';
import { aTrainedVersion } from '#test/support/sagemaker/a-trained-version';

/** A registry, and a client to look into it with. */
export interface PackagesWorld {
  readonly packages: ModelPackages;
  readonly sagemaker: SageMakerClient;
  readonly close: () => Promise<void>;
}

/** What a registry of SageMaker's kind shows of versions, as it is asked over the wire. */
export const modelPackagesContract = (name: string, aWorld: () => Promise<PackagesWorld>): void => {
  describe(`${name} as a registry of models`, () => {
    let world: PackagesWorld;
    beforeEach(async () => {
      world = await aWorld();
    });
    afterEach(() => world.close());

    const groups = async () => {
      const request = new ListModelPackageGroupsCommand({ NameContains: 'iorch-dev-', SortBy: 'CreationTime' });
      const { ModelPackageGroupSummaryList: found = [] } = await world.sagemaker.send(request);
      return found;
    };
    const versionsOf = async (ModelPackageGroupName: string | undefined) => {
      const request = new ListModelPackagesCommand({ ModelPackageGroupName });
      const { ModelPackageSummaryList: found = [] } = await world.sagemaker.send(request);
      return found.toSorted((a, b) => (a.ModelPackageVersion ?? 0) - (b.ModelPackageVersion ?? 0));
    };

    it('shows a group for each model of a tenant, by its own name', async () => {
      await world.packages.register(aTrainedVersion());
      await world.packages.register(aTrainedVersion({ tenantId: '01JD8X5YB2M0Q4V6T8W1Z3C5EB', attempt: 2 }));
      const ofBoth = await groups();
      expect(ofBoth).toEqual([
        expect.objectContaining({ ModelPackageGroupDescription: 'shop-coder', ModelPackageGroupStatus: 'Completed' }),
        expect.objectContaining({ ModelPackageGroupDescription: 'shop-coder', ModelPackageGroupStatus: 'Completed' }),
      ]);
      const names = ofBoth.map(({ ModelPackageGroupName: group }) => group);
      expect(new Set(names).size).toBe(2);
      for (const { ModelPackageGroupName: group, ModelPackageGroupArn: arn } of ofBoth) {
        expect(group).toMatch(/^iorch-dev-[0-9a-f]{16}$/);
        expect(arn).toMatch(new RegExp(`^arn:aws:sagemaker:us-east-1:\\d{12}:model-package-group/${group}$`));
      }
    });

    it('numbers the versions of a model in the order of their coming, all of them waiting for approval', async () => {
      await world.packages.register(aTrainedVersion());
      await world.packages.register(aTrainedVersion({ version: '1.1.0', attempt: 2 }));
      const [group] = await groups();
      expect(await versionsOf(group?.ModelPackageGroupName)).toEqual(
        ['1.0.0', '1.1.0'].map((version, index) =>
          expect.objectContaining({
            ModelPackageGroupName: group?.ModelPackageGroupName,
            ModelPackageVersion: index + 1,
            ModelPackageArn: expect.stringMatching(
              new RegExp(`:model-package/${group?.ModelPackageGroupName}/${index + 1}$`),
            ),
            ModelPackageDescription: `shop-coder ${version}`,
            ModelPackageStatus: 'Completed',
            ModelApprovalStatus: 'PendingManualApproval',
          }),
        ),
      );
    });

    it('shows where the adapter lies and what it was made of', async () => {
      await world.packages.register(aTrainedVersion());
      const [version] = await versionsOf((await groups())[0]?.ModelPackageGroupName);
      const described = await world.sagemaker.send(
        new DescribeModelPackageCommand({ ModelPackageName: version?.ModelPackageArn }),
      );
      expect(described).toMatchObject({
        ModelPackageDescription: 'shop-coder 1.0.0',
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
      });
    });
  });
};
