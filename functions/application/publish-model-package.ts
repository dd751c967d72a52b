import type { TrainingStep } from './estimate-cost.ts';
import type { ModelPackages } from './ports/model-packages.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** Shows the version that an attempt made in the registry of its provider. A simulated one, or one without weights, is not shown. */
export const makePublishModelPackage =
  ({ store, packages }: { store: Pick<TenantStore, 'getTrainingJob' | 'findModelVersion'>; packages: ModelPackages }) =>
  async ({ jobId, attempt }: TrainingStep): Promise<void> => {
    const { tenantId, targetModelName, modelVersion } = await store.getTrainingJob(jobId);
    const version = await store.findModelVersion(targetModelName, modelVersion);
    if (version === undefined || version.jobId !== jobId || version.attempt !== attempt) return;
    const { artifactUri } = version;
    if (version.simulated || artifactUri === null) return;
    await packages.register({ ...version, tenantId, artifactUri });
  };
