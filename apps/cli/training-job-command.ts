import type { Command } from 'commander';
import {
  cancelJob,
  createJob,
  estimateJob,
  getJob,
  listJobEvents,
  listJobs,
  listMetrics,
  retryJob,
  startJob,
  watchJob,
} from './commands/training-job.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import { anyNumber, common } from './options.ts';

/** Adds `iorch train job` and its commands. */
export const addTrainingJobCommands = (train: Command, context: Context, end: (code: ExitCode) => void): void => {
  const job = train.command('job').description('train models, and see how that gets on');
  const command = (name: string, description: string) => common(job.command(name).description(description));
  const ofJob = (name: string, description: string) => command(name, description).argument('<job-id>');

  described(command('create', 'create a job'))
    .option('--start', 'and start it (leads only)')
    .action(async (options) => end(await createJob(context)(options)));
  described(command('estimate', 'say what a job would cost; nothing is created')).action(async (options) =>
    end(await estimateJob(context)(options)),
  );
  command('list', 'list jobs, newest first')
    .option('--status <statuses>', 'only these, comma separated')
    .option('--base <model>', 'only those that begin from this model')
    .option('--model <name>', 'only those that make this model')
    .option('--provider <name>', 'only those that it trains: sagemaker or simulated')
    .option('--limit <count>', 'at most so many, up to 100')
    .option('--cursor <cursor>', 'go on where the last page ended')
    .action(async (options) => end(await listJobs(context)(options)));
  ofJob('get', 'show one job').action(async (id: string, options) => end(await getJob(context)(id, options)));
  ofJob('start', 'start a pending job (leads only)')
    .option('--dataset <id>', 'in place of the one that the job names')
    .action(async (id: string, options) => end(await startJob(context)(id, options)));
  ofJob('cancel', 'cancel a job, or let its provider stop (leads only)')
    .option('--reason <text>', 'why, for the record')
    .action(async (id: string, options) => end(await cancelJob(context)(id, options)));
  ofJob('retry', 'make a job that ended without success pending once more (leads only)').action(
    async (id: string, options) => end(await retryJob(context)(id, options)),
  );
  ofJob('metrics', 'show the loss curve of an attempt')
    .option('--attempt <number>', 'default: the newest')
    .action(async (id: string, options) => end(await listMetrics(context)(id, options)));
  ofJob('events', 'print what happened to a job').action(async (id: string, options) =>
    end(await listJobEvents(context)(id, options)),
  );
  ofJob('watch', 'follow a job to its end; the exit code tells how it went')
    .option('--poll', 'let the API look at the trainings each time, in place of once a minute (leads only)')
    .addHelpText('after', watchHelp)
    .action(async (id: string, options) => end(await watchJob(context)(id, options)));
};

const described = (command: Command) =>
  command
    .option('-f, --file <file>', 'the request as JSON; the options go before it')
    .option('--base <model>', 'model to begin from')
    .option('--model <name>', 'name of the model to make')
    .option('--dataset <id>', 'dataset to learn from')
    .option('--model-version <version>', 'version to make (default: the one after the latest)')
    .option('--bump <number>', 'which number of the latest version to raise: major, minor or patch')
    .option('--provider <name>', 'sagemaker or simulated (default: the stage decides)')
    .option('--method <method>', 'lora or qlora')
    .option('--epochs <count>', '1 to 20 (default: 3)', anyNumber)
    .option('--learning-rate <rate>', '0.0000001 to 0.01 (default: 0.00005)', anyNumber)
    .option('--lora-rank <rank>', '1 to 256 (default: 8)', anyNumber)
    .option('--no-gate', 'do not compare the model before it gets its version');

const watchHelp = `
The API looks at trainings once a minute: a short one, like the simulated ones of the local cloud, may be over before its progress
was seen. With --poll it looks every 2 seconds.`;
