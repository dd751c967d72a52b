import { DomainError } from '#domain/errors';
import type { DatasetStatus } from './dataset.ts';

/** What is asked for needs a dataset whose files are written. */
export class DatasetNotReady extends DomainError {
  readonly code = 'DATASET_NOT_READY';

  constructor(status: DatasetStatus) {
    super(`the dataset is ${status}`);
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
