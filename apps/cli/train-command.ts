import { type Command, InvalidArgumentError } from 'commander';
import {
  archiveVersion,
  challengeModel,
  compareModel,
  getModel,
  listHistory,
  listModels,
  listVersions,
  promoteModel,
  rollbackModel,
} from './commands/model.ts';
import type { Context } from './context.ts';
import { addDatasetCommands } from './dataset-command.ts';
import type { ExitCode } from './exit-code.ts';
import { common } from './options.ts';
import { addTrainingJobCommands } from './training-job-command.ts';

type End = (code: ExitCode) => void;

/** Adds `iorch train` and its commands. */
export const addTrainCommand = (program: Command, context: Context, end: End): Command => {
  const train = program.command('train').description('datasets, trainings and models made of good sessions');
  addDatasetCommands(train, context, end);
  addTrainingJobCommands(train, context, end);
  addModelCommands(train, context, end);
  return train;
};

const addModelCommands = (train: Command, context: Context, end: End): void => {
  const model = train.command('model').description('see models, promote them and roll them back');
  const command = (name: string, description: string) => common(model.command(name).description(description));
  const ofModel = (name: string, description: string) => command(name, description).argument('<model>');

  paged(command('list', 'list models')).action(async (options) => end(await listModels(context)(options)));
  ofModel('get', 'show a model, or one version with its comparison')
    .argument('[version]')
    .action(async (name: string, version: string | undefined, options) =>
      end(await getModel(context)(name, version, options)),
    );
  paged(ofModel('versions', 'list the versions of a model, the highest first'))
    .option('--status <statuses>', 'only these, with commas: registered, approved, rejected, archived')
    .action(async (name: string, options) => end(await listVersions(context)(name, options)));
  ofModel('compare', 'show what the sessions of champion and challenger came to, side by side')
    .option('--all', 'earlier trials, too')
    .action(async (name: string, options) => end(await compareModel(context)(name, options)));
  paged(ofModel('history', 'list the moves of its aliases, the newest first')).action(async (name: string, options) =>
    end(await listHistory(context)(name, options)),
  );
  ofModel('promote', 'let an alias point to a version; sessions that begin afterwards use it')
    .argument('<version>')
    .option('--alias <alias>', 'default: champion')
    .option('--force', 'although it has not passed its gate; needs a reason')
    .option('--reason <text>', 'why, for the record')
    .option('--served-as <provider/model>', 'under which name agents reach it')
    .option('--expect <version>', 'only if the alias points there now')
    .action(async (name: string, version: string, options) => end(await promoteModel(context)(name, version, options)));
  ofModel('rollback', 'let an alias point again to where it did before')
    .option('--alias <alias>', 'default: champion')
    .option('--reason <text>', 'why, for the record')
    .action(async (name: string, options) => end(await rollbackModel(context)(name, options)));
  ofModel('archive', 'take a version out of use for good')
    .argument('<version>')
    .action(async (name: string, version: string, options) =>
      end(await archiveVersion(context)(name, version, options)),
    );
  ofModel('challenge', "let some of the champion's sessions try the challenger")
    .requiredOption('--percent <percent>', 'how many of a hundred, 0 to 50', share)
    .action(async (name: string, options) => end(await challengeModel(context)(name, options)));
};

const paged = (command: Command) =>
  command
    .option('--limit <count>', 'at most so many, up to 100')
    .option('--cursor <cursor>', 'go on where the last page ended');

const share = (text: string) => {
  if (!/^([0-4]?\d|50)$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 50.');
  return text;
};
