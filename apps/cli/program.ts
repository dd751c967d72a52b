import { Command } from 'commander';
import { addBootstrapCommand } from './bootstrap-command.ts';
import { getAgent, listAgents } from './commands/agent.ts';
import { doctor } from './commands/doctor.ts';
import { run } from './commands/run.ts';
import {
  cancelSession,
  deleteSession,
  getDiff,
  getResult,
  getSession,
  listEvents,
  listSessions,
  retrySession,
  startSession,
  updateSession,
} from './commands/session.ts';
import { sessionExecution } from './commands/session-execution.ts';
import { sessionLogs } from './commands/session-logs.ts';
import { whoami } from './commands/whoami.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import { collect, common, wholeNumber } from './options.ts';
import { packageFacts } from './package-facts.ts';
import { addRunnerCommand } from './runner-command.ts';
import { addSessionRecordCommands } from './session-records-command.ts';
import { addTrainCommand } from './train-command.ts';

/** The commands of `iorch`. Each tells its exit code to `end`. */
export const makeProgram = (context: Context, end: (code: ExitCode) => void): Command => {
  const program = new Command('iorch')
    .description('Coding sessions of Industrial Orchestrator.')
    .version(packageFacts().version)
    .exitOverride()
    .showHelpAfterError('(iorch --help lists the commands, iorch <command> --help the options)')
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => context.terminal.err(text.replace(/\n$/, '')),
      outputError: (text, write) => write(`iorch: ${text.replace(/^error: /, '')}`),
    })
    .addHelpText('after', configurationHelp);
  addRunCommand(program, context, end);
  addSessionCommands(program, context, end);
  addAgentCommands(program, context, end);
  addTrainCommand(program, context, end);
  addRunnerCommand(program, context, end);
  addBootstrapCommand(program, context, end);
  common(program.command('whoami').description('show which API is used, as whom, for which tenant')).action(
    async (options) => end(await whoami(context)(options)),
  );
  common(
    program
      .command('doctor')
      .description('check API, clock, keys, versions and this machine, and say what to do')
      .option('--work-dir <folder>', 'the folder that runners are to use (default: ~/.iorch/work)'),
  ).action(async (options) => end(await doctor(context)(options)));
  return program;
};

const addRunCommand = (program: Command, context: Context, end: (code: ExitCode) => void) =>
  common(
    program
      .command('run')
      .description('create a session and start it')
      .argument('[prompt]', 'what the agent is to do; - reads standard input')
      .option('-f, --prompt-file <file>', 'read the prompt from a file')
      .option('-r, --repo <path-or-url>', 'repository to work on; a path means its last commit')
      .option('--ref <ref>', 'branch, tag or commit to start from')
      .option('--subdirectory <path>', 'folder of the repository to work in')
      .option('--title <title>', 'title of the session (default: first line of the prompt)')
      .option('--setup <command>', 'run before the agent starts; may be repeated', collect)
      .option('--verify <command>', 'run after the agent ended, measures success; may be repeated', collect)
      .option('--push', "push the result branch with the runner's git credentials")
      .option('--model <provider/model>', 'model to use (default: the runner decides)')
      .option('--tag <tag>', 'may be repeated; no-training keeps the session out of datasets', collect)
      .option('-w, --watch', 'follow the session to its end; the exit code tells how it went'),
  ).action(async (prompt: string | undefined, options) => end(await run(context)(prompt, options)));

const addSessionCommands = (program: Command, context: Context, end: (code: ExitCode) => void) => {
  const session = program.command('session').description('see and end sessions');
  const withId = (name: string, description: string) =>
    common(session.command(name).description(description).argument('<session-id>'));

  common(
    session
      .command('list')
      .description('list sessions, newest first')
      .option('--status <statuses>', 'only these, comma separated')
      .option('--type <types>', 'only these types, comma separated')
      .option('--priority <priorities>', 'only these, comma separated')
      .option('--tag <tag>', 'only with this tag; may be repeated, then with all of them', collect)
      .option('--search <text>', 'only with this text in title or description')
      .option('--parent <session-id>', 'only its children; none: only sessions without a parent')
      .option('--created-by <id>', 'only those that this user or service created')
      .option('--since <time>', 'only those created then or later (2026-05-04T12:00:00Z)')
      .option('--until <time>', 'only those created before')
      .option('--deleted', 'deleted ones, too; for leads')
      .option('--limit <count>', 'at most so many, up to 100', wholeNumber)
      .option('--cursor <cursor>', 'go on where the last page ended'),
  ).action(async (options) => end(await listSessions(context)(options)));
  withId('get', 'show one session').action(async (id: string, options) => end(await getSession(context)(id, options)));
  withId('logs', 'print the log lines of an attempt')
    .option('--attempt <number>', 'default: the newest', wholeNumber)
    .option('-f, --follow', 'go on until the session has ended, then show its result')
    .action(async (id: string, options) => end(await sessionLogs(context)(id, options)));
  withId('events', 'print what happened to a session').action(async (id: string, options) =>
    end(await listEvents(context)(id, options)),
  );
  withId('result', 'show verdict, verification and changed files').action(async (id: string, options) =>
    end(await getResult(context)(id, options)),
  );
  withId('diff', 'print the diff; git apply takes it')
    .option('--stat', 'only the changed files')
    .action(async (id: string, options) => end(await getDiff(context)(id, options)));
  withId('execution', 'show the states that the newest run has passed; reads Step Functions with your AWS credentials')
    .option('--run <number>', 'an earlier run', wholeNumber)
    .action(async (id: string, options) => end(await sessionExecution(context)(id, options)));
  withId('start', 'queue a session that was created without being started').action(async (id: string, options) =>
    end(await startSession(context)(id, options)),
  );
  addSessionRecordCommands(session, context, end);
  withId('update', 'change fields of a session')
    .option('--title <title>')
    .option('--description <text>', 'empty removes it')
    .option('--priority <priority>', 'critical, high, medium, low or deferred')
    .option('--tag <tag>', 'new tags instead of the old ones; may be repeated', collect)
    .option('--max-duration <seconds>', 'longest working time', wholeNumber)
    .action(async (id: string, options) => end(await updateSession(context)(id, options)));
  withId('delete', 'delete a session that is pending or has ended').action(async (id: string, options) =>
    end(await deleteSession(context)(id, options)),
  );
  withId('retry', 'give a session that has ended without success another attempt')
    .option('--checkpoint <id>', 'begin from this checkpoint instead of the latest')
    .option('--from-scratch', 'begin without a checkpoint')
    .option('--force', 'one attempt more than the session was given (leads only)')
    .action(async (id: string, options) => end(await retrySession(context)(id, options)));
  withId('cancel', 'abort a session at once')
    .option('--reason <text>', 'why, for the record')
    .action(async (id: string, options) => end(await cancelSession(context)(id, options)));
};

const addAgentCommands = (program: Command, context: Context, end: (code: ExitCode) => void) => {
  const agent = program.command('agent').description('see who works');
  common(
    agent
      .command('list')
      .description('list agents, newest first')
      .option('--status <status>', 'only those in this status')
      .option('--capability <name>', 'only those that have it')
      .option('--available', 'only those that may get work now')
      .option('--limit <count>', 'at most so many, up to 100', wholeNumber)
      .option('--cursor <cursor>', 'go on where the last page ended'),
  ).action(async (options) => end(await listAgents(context)(options)));
  common(agent.command('get').description('show one agent').argument('<agent-id>')).action(
    async (id: string, options) => end(await getAgent(context)(id, options)),
  );
};

const configurationHelp = `
The API is found by --profile, else IORCH_API_URL and IORCH_API_KEY, else ~/.config/iorch/config.json (mode 600):
  { "profiles": { "default": { "api_url": "https://…", "api_key": "iorch_…" } } }
else the local cloud of the clone around this folder (npm start).
Exit codes: 0 done, 1 the session (or a check of doctor) failed, 2 wrong use or an unknown id, 3 refused, 4 not reachable.`;
