import { DomainError } from '#domain/errors';
import { type TrainingStatus, trainingMoves } from './status.ts';
import { MAX_TRAINING_ATTEMPTS } from './training-job.ts';

/** A move that the status does not allow. Carries both ends and the legal ones, so that the answer can name them. */
export class InvalidTrainingMove extends DomainError {
  readonly code = 'INVALID_TRANSITION';
  override readonly extras: { current: TrainingStatus; target: TrainingStatus; allowed: readonly TrainingStatus[] };

  override readonly advice = { remedy: 'Read the training job; allowed lists what it can become now.' };

  constructor(from: TrainingStatus, to: TrainingStatus) {
    super(`a ${from} training job cannot become ${to}`);
    this.extras = { current: from, target: to, allowed: trainingMoves[from] };
  }
}

/** No attempt is left. */
export class TrainingNotRetryable extends DomainError {
  readonly code = 'NOT_RETRYABLE';
  override readonly extras = { attempts: MAX_TRAINING_ATTEMPTS, reason: 'attempts_exhausted' };

  constructor() {
    super(`the job has used ${MAX_TRAINING_ATTEMPTS} attempts`);
  }
}

/** The version is there already, or another job is about to make it. */
export class ModelVersionExists extends DomainError {
  readonly code = 'MODEL_VERSION_EXISTS';
  override readonly extras: { model_name: string; version: string };

  constructor(modelName: string, version: string) {
    super(`${modelName} has a version ${version}, or a job that makes it`);
    this.extras = { model_name: modelName, version };
  }
}
