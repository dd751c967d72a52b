import type { Dataset } from '#domain/dataset/dataset';
import { createDataset, type NewDataset } from '#domain/dataset/dataset-change';
import { REDACTION_VERSION } from '#domain/dataset/scrub-rules';
import { datasetWrites, remembered } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { mustAllowTraining } from './training-consent.ts';

export interface CreateDatasetInput {
  readonly fields: Omit<NewDataset, 'tenantId' | 'id' | 'createdBy'>;
  readonly createdBy: string;
  readonly remember?: ((dataset: Dataset) => IdempotencyRecord) | undefined;
}

/** Records a dataset; the event starts its build. @throws TrainingDataDisabled, ConcurrentUpdate */
export const makeCreateDataset =
  ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) =>
  async ({ fields, createdBy, remember }: CreateDatasetInput): Promise<Dataset> => {
    await mustAllowTraining(store);
    const identity = { tenantId: store.tenantId, id: ids.ulid(), createdBy };
    const change = createDataset({ ...fields, ...identity }, REDACTION_VERSION, isoNow(clock));
    await store.commit([...datasetWrites(change, ids), ...remembered(remember?.(change.after))]);
    return change.after;
  };
