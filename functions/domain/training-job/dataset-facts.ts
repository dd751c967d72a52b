import type { Dataset } from '#domain/dataset/dataset';
import { DomainError } from '#domain/errors';

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

  constructor(code: DatasetUnusable['code'], message: string, extras: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.extras = extras;
  }
}

/**
 * What a job needs to know of its dataset; undefined while it is built.
 * @throws DatasetUnusable when nothing can be trained with it
 */
export const usableFacts = ({ id, status, sha256, counts, tokens }: Dataset): DatasetFacts | undefined => {
  if (status === 'building') return undefined;
  if (status === 'empty')
    throw new DatasetUnusable('DATASET_EMPTY', 'no session became a sample of the dataset', { dataset_id: id });
  if (status !== 'ready' || sha256 === undefined)
    throw new DatasetUnusable('DATASET_NOT_READY', `the dataset is ${status}`, { dataset_id: id, status });
  if (counts.train < LEAST_SAMPLES)
    throw new DatasetUnusable(
      'DATASET_TOO_SMALL',
      `the dataset has ${counts.train} samples to train with, ${LEAST_SAMPLES} are needed`,
      { dataset_id: id, samples: counts.train, needed: LEAST_SAMPLES },
    );
  return { sha256, trainSamples: counts.train, evalSamples: counts.eval, trainTokens: tokens.train };
};
