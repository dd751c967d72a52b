import { type Command, InvalidArgumentError, Option } from 'commander';
import { type RunnerCommandOptions, runner } from './commands/runner.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** Adds `iorch runner` and its options. */
export const addRunnerCommand = (program: Command, context: Context, end: (code: ExitCode) => void): Command =>
  program
    .command('runner')
    .description('work on sessions of the tenant, in this process, until it is ended')
    .option('--name <name>', 'name of the agent (default: RUNNER-<HOST>)')
    .option('--concurrency <count>', 'sessions at a time, 1 to 32 (default: 2)', concurrency)
    .option('--capabilities <names>', 'comma separated (default: those of an implementer)', list)
    .option('--work-dir <folder>', 'repositories, worktrees, data of OpenCode (default: ~/.iorch/work)')
    .option('--opencode-config <file>', 'an OpenCode configuration of your own: providers, models')
    .option('--model <provider/model>', 'for sessions that name none')
    .addOption(
      new Option('--keep-worktrees <which>', 'checkouts to keep afterwards (default: failed)').choices([
        'never',
        'failed',
        'always',
      ]),
    )
    .option('--once', 'end after the first session; the exit code tells how it went')
    .option('--no-transcripts', 'keep what agents say and do on this machine; datasets then lack it')
    .option('--allow-file-repos', 'accept repositories of this machine (file: URLs)')
    .option('--profile <name>', 'profile of the configuration file; local means the local cloud')
    .addHelpText('after', hints)
    .action(async (options: RunnerCommandOptions) => end(await runner(context)(options)));

const concurrency = (text: string): number => {
  if (!/^([1-9]|[12]\d|3[0-2])$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 32.');
  return Number(text);
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const hints = `
Without --opencode-config and without a provider's key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, …) a scripted
demo model answers, and says so in every result.

The runner executes what a model writes, as the user who started it. The agent gets a reduced environment without the runner's
token, cloud credentials and the address of the control plane: a guard against mistakes, not against a hostile agent. Start it
where nothing else is worth stealing.

Ctrl-C ends it: it claims nothing more and gives back what runs, for another runner. A second Ctrl-C ends it at once.`;
