import { type ExitCode, exitCode } from '#apps/cli/exit-code';

/** What a check found: fine, something to know, or something that keeps sessions or runners from working. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** What the shell gets for a failure. @default exitCode.unfit */
  readonly code?: ExitCode;
}

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
export const warn = (check: string, detail: string, remedy: string): Finding => ({
  ...{ check, status: 'warn', detail, remedy },
});
export const fail = (
  check: string,
  detail: string,
  remedy: string | undefined,
  code: ExitCode = exitCode.unfit,
): Finding => ({
  ...{ check, status: 'fail', detail, remedy, code },
});

/** What the first failure says to the shell. */
export const codeOf = (findings: readonly Finding[]): ExitCode =>
  findings.find(({ status }) => status === 'fail')?.code ?? exitCode.done;
