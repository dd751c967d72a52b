import type { Client } from '#contracts/client';
import type { Session } from '#contracts/session';
import type { EventEnvelope, LogLine } from '#contracts/session-log';
import { patiently } from './patiently.ts';
import { readEvents, readLogs } from './read-logs.ts';

export interface WatchInput {
  readonly client: Client;
  readonly sessionId: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Called after every look. */
  readonly onState: (session: Session) => void;
  /** Called once per event and line, oldest first. */
  readonly onNews: (news: News) => void;
  /** @default 1000 */
  readonly pollMs?: number;
}

export type News =
  | { readonly at: string; readonly event: EventEnvelope }
  | { readonly at: string; readonly line: LogLine };

/** Follows a session until it has ended, and returns how it ended. Every event and log line is told once. */
export const watchSession = async ({ client, sessionId, sleep, onState, onNews, pollMs = 1000 }: WatchInput) => {
  let position: Position = { seq: 0, attempt: 1, logSeq: 0 };
  for (;;) {
    const session = await patiently(() => client.call('getSession', { params: { session_id: sessionId } }), sleep);
    onState(session);
    const look = await patiently(() => newsSince(client, session, position), sleep);
    for (const news of look.news) onNews(news);
    position = look.position;
    // what an attempt logged is stored before its end: the reads after this look have seen it
    if (session.ended_at !== undefined) return session;
    await sleep(pollMs);
  }
};

interface Position {
  readonly seq: number;
  readonly attempt: number;
  readonly logSeq: number;
}

const newsSince = async (client: Client, session: Session, from: Position) => {
  const events = session.version > from.seq ? await readEvents(client, session.id, from.seq) : [];
  const lines = await linesSince(client, session, from);
  const news: News[] = [
    ...events.map((event) => ({ at: event.timestamp, event })),
    ...lines.found.map((line) => ({ at: line.logged_at, line })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return { news, position: { ...lines.position, seq: events.at(-1)?.seq ?? from.seq } };
};

/** The rest of the attempt that was followed, then all of those begun since. */
const linesSince = async (client: Client, session: Session, from: Position) => {
  const found: LogLine[] = [];
  let after = from.logSeq;
  for (let attempt = from.attempt; attempt <= session.attempt; attempt += 1) {
    if (attempt > from.attempt) after = 0;
    const lines = await readLogs(client, { session_id: session.id, attempt, after });
    found.push(...lines);
    after = lines.at(-1)?.log_seq ?? after;
  }
  return { found, position: { attempt: session.attempt, logSeq: after } };
};
