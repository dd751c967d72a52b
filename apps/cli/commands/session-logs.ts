import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { followSession } from '#apps/cli/follow-session';
import { logLine } from '#apps/cli/output/news-line';
import { readLogs } from '#apps/cli/read-logs';

export interface LogsOptions extends CommonOptions {
  readonly attempt?: string;
  readonly follow?: boolean;
}

/** `iorch session logs`: the lines of an attempt; with `follow` those of all attempts until the session has ended. */
export const sessionLogs =
  (context: Context) =>
  async (session_id: string, options: LogsOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    if (options.follow) return followSession(context, client, session_id, { json: options.json === true });
    const attempt = options.attempt === undefined ? undefined : Number(options.attempt);
    const lines = await readLogs(client, { session_id, attempt, after: 0 });
    if (options.json) printJson(context, lines);
    else for (const line of lines) context.terminal.out(logLine(line));
    return exitCode.done;
  };
