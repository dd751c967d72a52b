import { randomUUID } from 'node:crypto';
import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { followSession } from '#apps/cli/follow-session';
import { fields } from '#apps/cli/output/table';
import { readPrompt } from '#apps/cli/read-prompt';
import { type SessionOptions, sessionRequest } from '#apps/cli/session-request';

export interface RunOptions extends CommonOptions, SessionOptions {
  readonly promptFile?: string;
  readonly watch?: boolean;
}

/** `iorch run`: creates a session and starts it; with `watch` follows it to its end. */
export const run =
  (context: Context) =>
  async (promptArgument: string | undefined, options: RunOptions): Promise<ExitCode> => {
    const prompt = await readPrompt(context, promptArgument, options.promptFile);
    const { body, warning } = await sessionRequest(prompt, options);
    if (warning) context.terminal.err(`iorch: warning: ${warning}`);
    const client = clientOf(context, options);
    const session = await client.call('createSession', { body, idempotencyKey: randomUUID(), signal: context.signal });
    if (options.watch) return followSession(context, client, session.id, { json: options.json === true });
    if (options.json) printJson(context, session);
    else context.terminal.out(created(session, context.program));
    return exitCode.done;
  };

const created = ({ id, title, status }: { id: string; title: string; status: string }, program: string) =>
  fields([
    ['session', id],
    ['title', title],
    ['status', status],
    ['follow', `${program} session logs ${id} --follow`],
  ]);
