import type { ProviderReport } from '#domain/training-job/advance';
import type { DatasetFacts } from '#domain/training-job/dataset-facts';
import type { ProviderName, TrainingInput } from '#domain/training-job/training-job';

/** An attempt of a job as its provider sees it. */
export interface ProviderJob {
  readonly tenantId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly baseModel: string;
  readonly targetModelName: string;
  readonly modelVersion: string;
  readonly datasetId: string;
  readonly dataset: DatasetFacts;
  readonly input: TrainingInput;
  /** When the provider took it (ISO); absent before. */
  readonly submittedAt?: string | undefined;
  /** When somebody asked for its end (ISO). */
  readonly cancelRequestedAt?: string | undefined;
  /** Up to where its log was read, in the provider's own words. */
  readonly logPosition?: string | undefined;
}

/** Trains models. Asking twice is asking once. Whatever a repeat may cure is thrown. */
export interface TrainingProvider {
  /**
   * Begins an attempt; the same job and attempt always have the same id, also when it has begun before.
   * @throws ProviderRefused when no repeat can help
   */
  start(job: ProviderJob): Promise<{ externalJobId: string }>;
  /** What `start` calls, or will call, an attempt. */
  nameOf(job: ProviderJob): string;
  /** Where an attempt stands; `missing` when the provider does not know it. */
  status(externalJobId: string, job: ProviderJob): Promise<ProviderReport | 'missing'>;
  /** Asks for the end of an attempt. True also when it has ended, or is not known any more. */
  cancel(externalJobId: string, job: ProviderJob): Promise<boolean>;
}

/** The provider of a name. @throws ProviderRefused for one that the stage does not offer */
export type TrainingProviders = (name: ProviderName) => TrainingProvider;

/** A provider refuses an attempt for a reason that no repeat cures. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
}
