import { mustBecomeReady } from '#domain/training-job/dataset-facts';
import { estimateTraining, type TrainingEstimate } from '#domain/training-job/estimate';
import type { PriceTable } from '#domain/training-job/price-table';
import type { ProviderName, TrainingInput } from '#domain/training-job/training-job';
import type { DatasetStore } from './ports/tenant-store.ts';

export interface EstimateTrainingInput {
  readonly provider: ProviderName;
  readonly datasetId?: string | undefined;
  readonly input: Pick<TrainingInput, 'parameters' | 'compute' | 'gate'>;
}

/**
 * What a job would cost; nothing is created.
 * @throws NotFound for an unknown dataset
 * @throws DatasetUnusable for one that will never be ready
 * @throws InstanceTypeUnknown
 */
export const makeEstimateTrainingJob =
  ({ store, prices }: { store: DatasetStore; prices: PriceTable }) =>
  async ({ provider, datasetId, input }: EstimateTrainingInput): Promise<TrainingEstimate> => {
    const dataset = datasetId === undefined ? undefined : await store.getDataset(datasetId);
    if (dataset !== undefined) mustBecomeReady(dataset);
    const trainTokens = dataset?.status === 'ready' ? dataset.tokens.train : undefined;
    return estimateTraining({ ...input, provider, trainTokens }, prices);
  };
