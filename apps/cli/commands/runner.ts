import type { Context } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { hanging } from '#apps/cli/output/visible';
import { Refusal } from '#apps/cli/refusal';
import type { RunnerOptions } from '#apps/runner/runner';
import { ApiProblem } from '#contracts/client';

export type RunnerCommandOptions = Omit<RunnerOptions, 'apiUrl' | 'apiKey' | 'author' | 'extendSeconds'> & {
  readonly profile?: string;
};

/** `iorch runner`: works until the signal is raised, or with `once` until the first session ended. */
export const runner =
  (context: Context) =>
  async ({ profile, ...options }: RunnerCommandOptions): Promise<ExitCode> => {
    const { apiUrl, apiKey, source } = context.connection('runner', profile);
    const log = (line: string) =>
      context.terminal.err(`${new Date(context.now()).toLocaleTimeString('en-GB')}  ${hanging(line, 10)}`);
    log(`works for ${apiUrl} (${source})`);
    // OpenCode's client is loaded only where it is needed
    const { runRunner } = await import('#apps/runner/runner');
    try {
      const code = await runRunner(
        { ...options, apiUrl, apiKey },
        { signal: context.signal, log, environment: context.env },
      );
      return code === 0 ? exitCode.done : exitCode.sessionFailed;
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.code === 'AGENT_ALREADY_EXISTS')
        throw new Refusal(error.problem.detail, { code: exitCode.refused, remedy: nameTaken, cause: error });
      throw isExpected(error) ? new Refusal(error.message, { cause: error }) : error;
    }
  };

const nameTaken =
  'Give this runner another --name, or end the other one. A killed one counts as gone 90 s after its last sign of life.';

/** A folder in use, a missing program or file: its message is all that the user needs. */
const isExpected = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'Error' || error.name === 'WorkFolderInUse');
