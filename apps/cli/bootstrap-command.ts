import type { Command } from 'commander';
import { type BootstrapOptions, bootstrap } from './commands/bootstrap.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** Adds `iorch bootstrap` and its options. */
export const addBootstrapCommand = (program: Command, context: Context, end: (code: ExitCode) => void): Command =>
  program
    .command('bootstrap')
    .description('make the first admin and tenant of a new deployment; works once')
    .requiredOption('--email <address>', 'of the admin')
    .requiredOption('--name <name>', 'full name of the admin')
    .requiredOption('--tenant <name>', 'name of the first tenant')
    .requiredOption('--slug <slug>', 'short name of the tenant: 2 to 63 of a-z, 0-9 and -')
    .option('--api-url <url>', 'the output ApiUrl of the deployment (default: IORCH_API_URL)')
    .option('--stage <name>', 'whose token is read from Secrets Manager, with your AWS credentials (default: prod)')
    .option('--token <token>', 'the token itself, in place of reading it; - reads standard input')
    .option('--json', 'print the answer for programs')
    .action(async (options: BootstrapOptions) => end(await bootstrap(context)(options)));
