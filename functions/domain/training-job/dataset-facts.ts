import type { Dataset } from '#domain/dataset/dataset';
import { NEVER_READY } from '#domain/dataset/errors';
import { type Advice, DomainError } from '#domain/errors';

/** Fewer samples than these teach nothing. */
export const LEAST_SAMPLES = 10;

/** What a job needs to know of its dataset. */
export interface DatasetFacts {
  readonly sha256: string;
  readonly trainSamples: number;
  readonly evalSamples: number;
  readonly trainTokens: number;
}

/** A dataset that nothing can be trained with. `code` says why. */
export class DatasetUnusable extends DomainError {
  readonly code: 'DATASET_NOT_READY' | 'DATASET_EMPTY' | 'DATASET_TOO_SMALL';
  override readonly extras: Readonly<Record<string, unknown>>;
  override readonly advice: Advice;

  constructor(code: DatasetUnusable['code'], message: string, extras: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.extras = extras;
    this.advice = code === 'DATASET_NOT_READY' ? NEVER_READY : {};
  }
}

/** Refuses a dataset that no job can ever be trained with, however many samples it has. @throws DatasetUnusable */
export const mustBecomeReady = ({ id, status }: Pick<Dataset, 'id' | 'status'>): void => {
  if (status === 'empty')
    throw new DatasetUnusable('DATASET_EMPTY', 'no session became a sample of the dataset', { dataset_id: id });
  if (status === 'failed' || status === 'deleted')
    throw new DatasetUnusable('DATASET_NOT_READY', `the dataset is ${status}`, {
      dataset_id: id,
      dataset_status: status,
    });
};

/**
 * What a job needs to know of its dataset; undefined while it is built.
 * @throws DatasetUnusable when nothing can be trained with it
 */
export const usableFacts = (dataset: Dataset): DatasetFacts | undefined => {
  mustBecomeReady(dataset);
  const { id, sha256, counts, tokens } = dataset;
  if (sha256 === undefined) return undefined;
  const { train } = counts;
  if (train < LEAST_SAMPLES)
    throw new DatasetUnusable(
      'DATASET_TOO_SMALL',
      `the dataset has ${train} ${train === 1 ? 'sample' : 'samples'} to train with, ${LEAST_SAMPLES} are needed`,
      { dataset_id: id, samples: train, needed: LEAST_SAMPLES },
    );
  return { sha256, trainSamples: train, evalSamples: counts.eval, trainTokens: tokens.train };
};
