import { ApiProblem, ApiUnreachable, UnusableParameter } from '#contracts/client';
import { type ExitCode, exitCode } from './exit-code.ts';
import { Refusal } from './refusal.ts';

export interface Explanation {
  readonly code: ExitCode;
  readonly lines: readonly string[];
}

/** What a person reads about a failure, what to do about it, and what the shell gets. */
export const explainError = (error: unknown): Explanation => {
  if (error instanceof ApiProblem) return explainProblem(error);
  if (error instanceof ApiUnreachable) return explainUnreachable(error);
  if (error instanceof UnusableParameter) return { code: exitCode.usage, lines: [`iorch: ${error.message}`] };
  if (error instanceof Refusal)
    return { code: error.code, lines: [`iorch: ${error.message}`, ...remedyLine(error.remedy)] };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCode.usage, lines: [`iorch: unexpected: ${text}`] };
};

const explainProblem = ({ problem }: ApiProblem): Explanation => ({
  code: codeOf(problem.status),
  lines: [...whatIsWrong(problem), ...remedyLine(problem.remedy), `  (${problem.code}, request ${problem.request_id})`],
});

/** The detail of a validation error lists every field: what it says already is not said again. */
const whatIsWrong = ({ title, detail, errors = [] }: ApiProblem['problem']): string[] => {
  const listed = errors.map(({ path, message }) => `  ${path || '/'}: ${message}`);
  if (!errors.every(({ message }) => detail.includes(message))) return [`iorch: ${detail}`, ...listed];
  return errors.length > 1 ? [`iorch: ${title}`, ...listed] : [`iorch: ${detail}`];
};

const codeOf = (status: number): ExitCode => {
  if (status >= 500) return exitCode.notReachable;
  return [401, 402, 403, 409, 412, 429].includes(status) ? exitCode.refused : exitCode.usage;
};

const explainUnreachable = (error: ApiUnreachable): Explanation => {
  const reason = causeOf(error);
  return {
    code: exitCode.notReachable,
    lines: [
      `iorch: ${error.message}${reason ? ` (${reason})` : ''}`,
      '  → Is it running? npm start brings up the local cloud; otherwise check the URL and the network.',
    ],
  };
};

/** fetch says only "fetch failed"; the reason is the cause of its cause. */
const causeOf = (error: Error): string | undefined => {
  const { cause } = error;
  if (!(cause instanceof Error)) return undefined;
  const code = (cause as NodeJS.ErrnoException).code;
  return causeOf(cause) ?? (typeof code === 'string' ? code : cause.message);
};

const remedyLine = (remedy: string | undefined) => (remedy ? [`  → ${remedy}`] : []);
