import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { unswayed } from './output/terminal.ts';
import { makeProgram } from './program.ts';

/** Runs one command line, and returns the exit code. Never throws: a failure is explained on standard error. */
export const runCli = async (args: readonly string[], given: Omit<Context, 'args'>): Promise<ExitCode> => {
  const context = { ...given, args, terminal: unswayed(given.terminal) };
  let code: ExitCode = exitCode.done;
  const program = makeProgram(context, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    if (context.signal.aborted) return exitCode.interrupted;
    const { code: failed, lines } = explainError(error);
    context.terminal.err(lines.join('\n'));
    return failed;
  }
};
