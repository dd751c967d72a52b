import { DomainError } from '#domain/errors';
import type { RuleResult } from '#domain/evaluation/judge-gate';

/** The version has not passed the gate. Whoever promotes it all the same says so, and why. */
export class ModelNotApproved extends DomainError {
  readonly code = 'MODEL_NOT_APPROVED';
  override readonly extras: { rules: readonly RuleResult[] };

  constructor(version: string, status: string, rules: readonly RuleResult[]) {
    super(`version ${version} is ${status}, not approved`);
    this.extras = { rules };
  }
}

/** The version is out of use. */
export class ModelVersionArchived extends DomainError {
  readonly code = 'MODEL_VERSION_ARCHIVED';

  constructor(version: string) {
    super(`version ${version} is archived`);
  }
}

/** Aliases point to the version. */
export class ModelVersionInUse extends DomainError {
  readonly code = 'MODEL_VERSION_IN_USE';
  override readonly extras: { aliases: readonly string[] };

  constructor(version: string, aliases: readonly string[]) {
    super(`${aliases.join(', ')} point${aliases.length === 1 ? 's' : ''} to version ${version}`);
    this.extras = { aliases };
  }
}

/** The alias has not pointed anywhere else before. */
export class NothingToRollBack extends DomainError {
  readonly code = 'NOTHING_TO_ROLL_BACK';

  constructor(alias: string) {
    super(`${alias} has no version to go back to`);
  }
}

/** The alias points to another version than the client saw. */
export class AliasMoved extends DomainError {
  readonly code = 'PRECONDITION_FAILED';
  override readonly extras: { current_version: string | null };

  constructor(alias: string, current: string | undefined) {
    super(current === undefined ? `${alias} points to no version` : `${alias} points to version ${current}`);
    this.extras = { current_version: current ?? null };
  }
}

/** Nobody knows under which name agents reach the version. */
export class ModelNotServable extends DomainError {
  readonly code = 'MODEL_NOT_SERVABLE';

  constructor(modelName: string, version: string) {
    super(`version ${version} of ${modelName} has no serving_model_identifier`);
  }
}
