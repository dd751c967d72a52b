import { type Advice, DomainError } from '#domain/errors';
import type { DatasetStatus } from './dataset.ts';

/** What helps where a dataset that is not ready will never be: no wait does. */
export const NEVER_READY: Advice = { retryable: false, remedy: 'Make another dataset; this one will never be ready.' };

/** What is asked for needs a dataset whose files are written. */
export class DatasetNotReady extends DomainError {
  readonly code = 'DATASET_NOT_READY';
  override readonly extras: { dataset_status: DatasetStatus };
  override readonly advice: Advice;

  constructor(status: DatasetStatus) {
    super(`the dataset is ${status}`);
    this.extras = { dataset_status: status };
    this.advice = status === 'building' ? {} : NEVER_READY;
  }
}

/** A training job that has not ended uses the dataset. */
export class DatasetInUse extends DomainError {
  readonly code = 'DATASET_IN_USE';

  constructor(jobIds: readonly string[]) {
    super(`open training jobs use the dataset: ${jobIds.join(', ')}`);
  }
}

/** The tenant does not let its sessions be used for training. */
export class TrainingDataDisabled extends DomainError {
  readonly code = 'TRAINING_DATA_DISABLED';

  constructor() {
    super('the tenant does not let its sessions be used for training');
  }
}
