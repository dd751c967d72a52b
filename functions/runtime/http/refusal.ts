import type { ErrorCode } from '#contracts/errors';
import { DomainError } from '#domain/errors';

/** A request that the pipeline refuses before any use case sees it. */
export class Refusal extends DomainError {
  readonly code: ErrorCode;
  override readonly extras: Readonly<Record<string, unknown>>;
  /** Headers the answer must carry. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    { extras = {}, headers = {} }: { extras?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.code = code;
    this.extras = extras;
    this.headers = headers;
  }
}
