import type { Command } from 'commander';
import { getArtifacts, listAttempts, listCheckpoints } from './commands/session-records.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import { common, wholeNumber } from './options.ts';

/** Adds the commands of what a session's attempts have left. */
export const addSessionRecordCommands = (session: Command, context: Context, end: (code: ExitCode) => void): void => {
  const withId = (name: string, description: string) =>
    common(session.command(name).description(description).argument('<session-id>'));

  withId('attempts', 'list the attempts of a session, newest first').action(async (id: string, options) =>
    end(await listAttempts(context)(id, options)),
  );
  withId('checkpoints', 'list the checkpoints of a session, newest first').action(async (id: string, options) =>
    end(await listCheckpoints(context)(id, options)),
  );
  withId('artifacts', 'list the files that an attempt handed over, or download them')
    .option('--attempt <number>', 'default: the newest', wholeNumber)
    .option('--to <folder>', 'download them into this folder, which must be new or empty')
    .action(async (id: string, options) => end(await getArtifacts(context)(id, options)));
};
