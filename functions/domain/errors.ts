/** What is to be said of an error in place of what its code says in general. */
export interface Advice {
  readonly retryable?: boolean;
  readonly remedy?: string;
}

/** Base of everything a rule refuses. `code` is stable and part of the API; `extras` are facts the answer may show. */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  readonly extras: Readonly<Record<string, unknown>> = {};
  readonly advice: Advice = {};

  override get name() {
    return this.constructor.name;
  }
}

/** The kinds of things a tenant can ask for by id. */
export type EntityName =
  | 'session'
  | 'checkpoint'
  | 'artifact'
  | 'agent'
  | 'assignment'
  | 'tenant'
  | 'dataset'
  | 'training_job'
  | 'evaluation'
  | 'model'
  | 'model_version';

/** Nothing with this id exists for the tenant. Another tenant's entity is answered in the same way. */
export class NotFound extends DomainError {
  readonly code: string;
  override readonly extras = {};

  constructor(entity: EntityName) {
    super(`no such ${entity.replace('_', ' ')}`);
    this.code = `${entity.toUpperCase()}_NOT_FOUND`;
  }
}

/** What a write lost against when it met another transaction: nothing is known of the items, only that somebody writes them now. */
export const CONTENTION = 'contention';

/**
 * Somebody else moved what this change was made for. A repeat reads the new state and decides anew. `what` names the
 * element for the code that made the change; it is a word of the store, so no answer shows it.
 */
export class ConcurrentUpdate extends DomainError {
  readonly code = 'CONCURRENT_UPDATE';
  readonly what: string;

  constructor(what: string, options?: ErrorOptions) {
    super('something that the request is about was changed by someone else at the same time', options);
    this.what = what;
  }
}

/** The client named a version that is not the current one. */
export class PreconditionFailed extends DomainError {
  readonly code = 'PRECONDITION_FAILED';
  override readonly extras: { current_version: number };

  constructor(currentVersion: number) {
    super(`the current version is ${currentVersion}`);
    this.extras = { current_version: currentVersion };
  }
}

/** A limit of the tenant is reached. */
export class QuotaExceeded extends DomainError {
  readonly code = 'QUOTA_EXCEEDED';
  override readonly extras: { resource: string; limit: number; used: number };

  constructor(resource: string, limit: number, used: number) {
    super(`${used} of ${limit} ${resource.replaceAll('_', ' ')} are in use`);
    this.extras = { resource, limit, used };
  }
}

/** Somebody calls more often than is allowed. */
export class RateLimited extends DomainError {
  readonly code = 'RATE_LIMITED';
  override readonly extras: { retry_after_seconds: number };

  constructor(what: string, waitMs: number) {
    const seconds = Math.ceil(waitMs / 1000);
    super(`${what}; the next one is accepted in ${seconds} s`);
    this.extras = { retry_after_seconds: seconds };
  }
}

/** One wrong field of a request: where it stands and what is wrong with it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

const SHOWN = 50;

/** The request is readable but not acceptable. Every wrong field is named. */
export class InvalidInput extends DomainError {
  readonly code = 'VALIDATION_ERROR';
  override readonly extras: { errors: readonly FieldError[] };

  constructor(errors: readonly FieldError[]) {
    const listed = errors.slice(0, SHOWN).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    super(listed.join('; '));
    this.extras = { errors };
  }
}
