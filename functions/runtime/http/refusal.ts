import type { ErrorCode } from '#contracts/errors';
import { DomainError } from '#domain/errors';

interface RefusalOptions extends ErrorOptions {
  readonly extras?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the pipeline refuses before any use case sees it. */
export class Refusal extends DomainError {
  readonly code: ErrorCode;
  override readonly extras: Readonly<Record<string, unknown>>;
  /** Headers the answer must carry. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, { extras = {}, headers = {}, ...options }: RefusalOptions = {}) {
    super(message, options);
    this.code = code;
    this.extras = extras;
    this.headers = headers;
  }
}
