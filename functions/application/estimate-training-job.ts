import { estimateTraining, type TrainingEstimate } from '#domain/training-job/estimate';
import type { PriceTable } from '#domain/training-job/price-table';
import type { ProviderName, TrainingInput } from '#domain/training-job/training-job';
import type { DatasetStore } from './ports/tenant-store.ts';

export interface EstimateTrainingInput {
  readonly provider: ProviderName;
  readonly datasetId?: string | undefined;
  readonly input: Pick<TrainingInput, 'parameters' | 'compute' | 'gate'>;
}

/** An estimate with the most that comparing the model can cost. */
export type ShownEstimate = TrainingEstimate & { readonly evaluationMaxUsd: number };

/** Each item is one session per model. */
const SESSIONS_PER_ITEM = 2;

/**
 * What a job would cost; nothing is created.
 * @throws NotFound for an unknown dataset
 * @throws InstanceTypeUnknown
 */
export const makeEstimateTrainingJob =
  ({ store, prices }: { store: DatasetStore; prices: PriceTable }) =>
  async ({ provider, datasetId, input }: EstimateTrainingInput): Promise<ShownEstimate> => {
    const dataset = datasetId === undefined ? undefined : await store.getDataset(datasetId);
    const trainTokens = dataset?.status === 'ready' ? dataset.tokens.train : undefined;
    const { enabled, replayItems, replayMaxCostUsd } = input.gate;
    const isReplayed = enabled && provider !== 'simulated';
    return {
      ...estimateTraining({ ...input, provider, trainTokens }, prices),
      evaluationMaxUsd: isReplayed ? SESSIONS_PER_ITEM * replayItems * replayMaxCostUsd : 0,
    };
  };
