import type { Client } from '#contracts/client';
import type { Session } from '#contracts/session';
import { type Context, printJson } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { eventLine, logLine } from './output/news-line.ts';
import { hasSucceeded, sessionReport } from './output/session-report.ts';
import { progressOn } from './output/terminal.ts';
import { patiently } from './patiently.ts';
import { readReport } from './read-report.ts';
import { type News, watchSession } from './watch-session.ts';

export interface FollowOptions {
  /** The answer is one JSON document on standard output; what happens meanwhile goes to standard error. */
  readonly json: boolean;
}

/** Shows a session live until it has ended, then what became of it. */
export const followSession = async (
  context: Context,
  client: Client,
  sessionId: string,
  { json }: FollowOptions,
): Promise<ExitCode> => {
  const { terminal, program, sleep } = context;
  const progress = progressOn(terminal);
  const stream = json ? 'err' : 'out';
  progress.print(`session ${sessionId}`, stream);
  try {
    const session = await watchSession({
      client,
      sessionId,
      sleep,
      onState: (state) => progress.says(doing(state)),
      onNews: (news) => {
        const line = lineOf(news);
        if (line !== undefined) progress.print(line, stream);
      },
    });
    progress.says('reading the result');
    const report = await patiently(() => readReport(client, session), sleep);
    progress.end();
    if (json) printJson(context, report);
    else terminal.out(`\n${sessionReport(report, program)}`);
    return hasSucceeded(session) ? exitCode.done : exitCode.sessionFailed;
  } catch (error) {
    progress.end();
    if (context.signal.aborted) {
      terminal.err(`iorch: the session goes on. To end it: ${program} session cancel ${sessionId}`);
    }
    throw error;
  } finally {
    progress.end();
  }
};

/** Only what moves the session is told; the rest of the events is in `session events`. */
const lineOf = (news: News) => {
  if ('line' in news) return logLine(news.line);
  return news.event.type === 'session.status_changed' ? eventLine(news.event) : undefined;
};

const doing = ({ status, activity, progress, attempt }: Session) =>
  [
    status,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(activity ? [activity.replaceAll('_', ' ')] : []),
    ...(progress?.message ? [progress.message] : []),
  ].join(' · ');
