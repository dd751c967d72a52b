import { randomUUID } from 'node:crypto';
import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { diffStat } from '#apps/cli/output/diff-stat';
import { eventLine } from '#apps/cli/output/news-line';
import { sessionFields } from '#apps/cli/output/session-fields';
import { sessionReport } from '#apps/cli/output/session-report';
import { sessionTable } from '#apps/cli/output/session-table';
import { readEvents } from '#apps/cli/read-logs';
import { readReport } from '#apps/cli/read-report';
import { sayMore } from '#apps/cli/say-more';
import type { Session } from '#contracts/session';

export interface ListOptions extends CommonOptions {
  readonly status?: string;
  readonly type?: string;
  readonly priority?: string;
  readonly tag?: readonly string[];
  readonly search?: string;
  readonly parent?: string;
  readonly createdBy?: string;
  readonly since?: string;
  readonly until?: string;
  readonly deleted?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

const listQuery = (options: ListOptions) => ({
  status: options.status,
  session_type: options.type,
  priority: options.priority,
  tags: options.tag?.join(','),
  search: options.search,
  parent_id: options.parent,
  created_by: options.createdBy,
  created_from: options.since,
  created_to: options.until,
  include_deleted: options.deleted ? ('true' as const) : undefined,
  limit: options.limit,
  cursor: options.cursor,
});

/** `iorch session list` */
export const listSessions =
  (context: Context) =>
  async (options: ListOptions): Promise<ExitCode> => {
    const page = await clientOf(context, options).call('listSessions', { query: listQuery(options) });
    if (options.json) printJson(context, page);
    else {
      context.terminal.out(sessionTable(page.items, context.now(), context.terminal.columns));
      sayMore(context, page.next_cursor);
    }
    return exitCode.done;
  };

/** `iorch session get` */
export const getSession =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const session = await clientOf(context, options).call('getSession', { params: { session_id } });
    if (options.json) printJson(context, session);
    else context.terminal.out(sessionFields(session));
    return exitCode.done;
  };

/** `iorch session events` */
export const listEvents =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const events = await readEvents(clientOf(context, options), session_id, 0);
    if (options.json) printJson(context, events);
    else for (const event of events) context.terminal.out(eventLine(event));
    return exitCode.done;
  };

/** `iorch session result` */
export const getResult =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const session = await client.call('getSession', { params: { session_id } });
    const report = await readReport(client, session);
    if (options.json) printJson(context, report.result);
    else context.terminal.out(sessionReport(report, context.program));
    return exitCode.done;
  };

/** `iorch session diff`: a patch that `git apply` takes, or only its files. */
export const getDiff =
  (context: Context) =>
  async (session_id: string, options: CommonOptions & { stat?: boolean }): Promise<ExitCode> => {
    const diff = await clientOf(context, options).call('getSessionDiff', { params: { session_id } });
    const { terminal } = context;
    if (options.json) printJson(context, diff);
    else if (!diff.available) terminal.err('iorch: the session has no diff yet.');
    else if (options.stat || diff.diff === undefined) terminal.out(diffStat(diff.files));
    else terminal.exact(diff.diff.replace(/\n$/, ''));
    if (diff.cut) terminal.err('iorch: the diff was too large to keep; the result branch has all of it.');
    return exitCode.done;
  };

export interface UpdateOptions extends CommonOptions {
  readonly title?: string;
  readonly description?: string;
  readonly priority?: string;
  readonly tag?: readonly string[];
  readonly maxDuration?: string;
}

const changesOf = ({ title, description, priority, tag: tags, maxDuration }: UpdateOptions) => ({
  title,
  description: description === '' ? null : description,
  priority: priority as Session['priority'] | undefined,
  tags: tags && [...tags],
  max_duration_seconds: maxDuration === undefined ? undefined : Number(maxDuration),
});

/** `iorch session update`: what is not named stays; the API says what may be changed when. */
export const updateSession =
  (context: Context) =>
  async (session_id: string, options: UpdateOptions): Promise<ExitCode> => {
    const session = await clientOf(context, options).call('updateSession', {
      params: { session_id },
      body: changesOf(options),
    });
    if (options.json) printJson(context, session);
    else context.terminal.out(sessionFields(session));
    return exitCode.done;
  };

/** `iorch session delete` */
export const deleteSession =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    await clientOf(context, options).call('deleteSession', { params: { session_id } });
    if (options.json) printJson(context, { session_id, deleted: true });
    else context.terminal.out(`session ${session_id} deleted`);
    return exitCode.done;
  };

/** `iorch session start` */
export const startSession =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const session = await clientOf(context, options).call('startSession', {
      params: { session_id },
      body: {},
      idempotencyKey: randomUUID(),
    });
    if (options.json) printJson(context, session);
    else context.terminal.out(`session ${session.id} ${session.status}`);
    return exitCode.done;
  };

export interface RetryOptions extends CommonOptions {
  readonly checkpoint?: string;
  readonly fromScratch?: boolean;
  readonly force?: boolean;
}

/** `iorch session retry`: from the latest checkpoint, unless another one or none is asked for. */
export const retrySession =
  (context: Context) =>
  async (session_id: string, { checkpoint, fromScratch, force, ...options }: RetryOptions): Promise<ExitCode> => {
    const session = await clientOf(context, options).call('retrySession', {
      params: { session_id },
      body: { checkpoint_id: checkpoint, from_scratch: fromScratch, force },
      idempotencyKey: randomUUID(),
    });
    if (options.json) printJson(context, session);
    else context.terminal.out(`attempt ${session.attempt} of ${session.max_attempts} is ${session.status}`);
    return exitCode.done;
  };

/** `iorch session cancel` */
export const cancelSession =
  (context: Context) =>
  async (session_id: string, options: CommonOptions & { reason?: string }): Promise<ExitCode> => {
    const { reason } = options;
    const session = await clientOf(context, options).call('cancelSession', {
      params: { session_id },
      body: reason ? { reason } : {},
      idempotencyKey: randomUUID(),
    });
    if (options.json) printJson(context, session);
    else context.terminal.out(`session ${session.id} ${session.status}`);
    return exitCode.done;
  };
