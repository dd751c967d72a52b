import type { Command } from 'commander';
import {
  createDataset,
  deleteDataset,
  downloadDataset,
  getDataset,
  listDatasetItems,
  listDatasets,
} from './commands/train-dataset.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import { anyNumber, collect, common, wholeNumber } from './options.ts';

type End = (code: ExitCode) => void;

/** Adds `iorch train dataset` and what is below it. */
export const addDatasetCommands = (train: Command, context: Context, end: End): void => {
  const dataset = train.command('dataset').description('curate sessions into datasets, see and download them');
  const withId = (name: string, description: string) =>
    common(dataset.command(name).description(description).argument('<dataset-id>'));

  common(
    dataset
      .command('create')
      .description('make a dataset of the sessions that succeeded')
      .argument('<name>')
      .option('--description <text>')
      .option('--min-success-rate <rate>', '0 to 1 (default: 0.9)', anyNumber)
      .option('--type <type>', 'only sessions of this type; may be repeated', collect)
      .option('--tag <tag>', 'only with this tag; may be repeated, then with all of them', collect)
      .option('--agent <agent-id>', 'only what this agent did; may be repeated', collect)
      .option('--model <provider/model>', 'only what this model did; may be repeated', collect)
      .option('--source <source>', 'whose word counts: verification, person, tasks, agent; may be repeated', collect)
      .option('--since <time>', 'only sessions created then or later (2026-05-04T12:00:00Z)')
      .option('--until <time>', 'only those created before')
      .option('--partial', 'partially completed ones, too')
      .option('--limit <count>', 'at most so many samples, up to 10,000 (default: 1,000)', wholeNumber)
      .option('--eval <share>', 'part that is kept for evaluation, 0 to 0.5 (default: 0.1)', anyNumber)
      .option('--seed <number>', 'another split (default: 0)', anyNumber)
      .option('--no-transcripts', 'without the messages of the sessions')
      .option('-w, --watch', 'wait until it is built; the exit code tells how that went'),
  ).action(async (name: string, options) => end(await createDataset(context)(name, options)));
  common(
    dataset
      .command('list')
      .description('list datasets, newest first')
      .option('--status <statuses>', 'only these, comma separated; deleted ones only when named')
      .option('--limit <count>', 'at most so many, up to 100', wholeNumber)
      .option('--cursor <cursor>', 'go on where the last page ended'),
  ).action(async (options) => end(await listDatasets(context)(options)));
  withId('get', 'show one dataset, and why sessions were left out').action(async (id: string, options) =>
    end(await getDataset(context)(id, options)),
  );
  withId('items', 'print samples, one JSON object per line')
    .option('--part <part>', 'train or eval (default: train)')
    .option('--limit <count>', 'at most so many, up to 20', wholeNumber)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .action(async (id: string, options) => end(await listDatasetItems(context)(id, options)));
  withId('download', 'download the files of a dataset')
    .option('--to <folder>', 'where to put them (default: here)')
    .option('--force', 'overwrite files that are there')
    .action(async (id: string, options) => end(await downloadDataset(context)(id, options)));
  withId('delete', 'delete the files of a dataset; its record stays (leads only)').action(async (id: string, options) =>
    end(await deleteDataset(context)(id, options)),
  );
};
