import type { ProviderJob } from '#application/ports/training-provider';
import { aTrainingInput } from '#test/support/a-training-job';

/** An attempt as a provider sees it. */
export const aProviderJob = (fields: Partial<ProviderJob> = {}): ProviderJob => ({
  tenantId: '01JD8X5YB2M0Q4V6T8W1Z3C5E7',
  jobId: '01JD8X5YB2M0Q4V6T8W1Z3C5E9',
  attempt: 1,
  baseModel: 'acme/base-7b',
  targetModelName: 'shop-coder',
  modelVersion: '1.0.0',
  datasetId: '01JD8X5YB2M0Q4V6T8W1Z3C5EA',
  dataset: {
    sha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
    trainSamples: 450,
    evalSamples: 50,
    trainTokens: 540_000,
  },
  input: aTrainingInput(),
  ...fields,
});
