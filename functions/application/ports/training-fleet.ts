import type { SeenTraining } from '#domain/training-job/stray';

/** A training that its provider lists. */
export interface ListedAttempt extends SeenTraining {
  readonly externalJobId: string;
  readonly jobId: string;
}

/** All trainings that a provider is at, whether anybody still knows of them or not. */
export interface TrainingFleet {
  /** Those of this stage that have neither ended nor been told to, the oldest first. */
  underWay(): Promise<readonly ListedAttempt[]>;
  /** The tenant whose training it is; undefined for one that this stage did not begin, or that is gone. */
  tenantOf(training: ListedAttempt): Promise<string | undefined>;
  /** Asks for its end. Done, too, when it has ended or is not known any more. */
  stop(externalJobId: string): Promise<void>;
}
