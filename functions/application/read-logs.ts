import { LOG_LEVELS, type LogLevel, type LogLine } from '#domain/assignment/work-event';
import type { Page } from './ports/page.ts';
import type { SessionStore } from './ports/tenant-store.ts';

export interface ReadLogsInput {
  readonly sessionId: string;
  /** @default the newest */
  readonly attempt?: number | undefined;
  readonly afterLogSeq: number;
  readonly limit: number;
  /** This level and those above it. */
  readonly level?: LogLevel | undefined;
  readonly source?: string | undefined;
}

/** One page of an attempt's log, oldest first. A page may hold fewer lines than its limit and still have a next one. @throws NotFound */
export const makeReadLogs =
  ({ store }: { store: SessionStore }) =>
  async ({
    sessionId,
    attempt,
    afterLogSeq,
    limit,
    level = 'debug',
    source,
  }: ReadLogsInput): Promise<Page<LogLine>> => {
    const session = await store.getSession(sessionId);
    const page = await store.listLogs(sessionId, { attempt: attempt ?? session.attempt, afterLogSeq, limit });
    const least = LOG_LEVELS.indexOf(level);
    const matches = (line: LogLine) =>
      LOG_LEVELS.indexOf(line.level) >= least && (source === undefined || line.source === source);
    return { ...page, items: page.items.filter(matches) };
  };
