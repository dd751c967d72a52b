import { type ExitCode, exitCode } from './exit-code.ts';

/** An end that needs no stack trace: what was wrong, what to do, and the exit code. */
export class Refusal extends Error {
  readonly code: ExitCode;
  readonly remedy: string | undefined;

  constructor(message: string, { code = exitCode.usage, remedy, cause }: RefusalOptions = {}) {
    super(message, { cause });
    this.name = 'Refusal';
    this.code = code;
    this.remedy = remedy;
  }
}

interface RefusalOptions {
  readonly code?: ExitCode;
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}
