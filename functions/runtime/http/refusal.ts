import type { ErrorCode } from '#contracts/errors';
import { type Advice, DomainError } from '#domain/errors';

interface RefusalOptions extends ErrorOptions {
  readonly extras?: Readonly<Record<string, unknown>>;
  readonly advice?: Advice;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the pipeline refuses before any use case sees it. */
export class Refusal extends DomainError {
  readonly code: ErrorCode;
  override readonly extras: Readonly<Record<string, unknown>>;
  override readonly advice: Advice;
  /** Headers the answer must carry. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    { extras = {}, advice = {}, headers = {}, ...options }: RefusalOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.extras = extras;
    this.advice = advice;
    this.headers = headers;
  }
}
