import type { EventEnvelope, LogLine } from '#contracts/session-log';

/** A log line for people. */
export const logLine = ({ logged_at, level, source, message }: LogLine): string => {
  const mark = level === 'error' || level === 'warning' ? `${level}: ` : '';
  return `${clock(logged_at)}  ${source.padEnd(sourceWidth)}  ${mark}${message}`;
};

/** An event as a line for people. */
export const eventLine = ({ timestamp, type, payload }: EventEnvelope): string => {
  const text = type === 'session.status_changed' ? statusText(payload) : eventText(payload);
  const name = type === 'session.status_changed' ? 'status' : type.replace(/^session\./, '');
  return `${clock(timestamp)}  ${name.padEnd(sourceWidth)}  ${text}`.trimEnd();
};

const sourceWidth = 9;

const statusText = (payload: EventEnvelope['payload']) => {
  const reason = payload['reason'] ? ` (${String(payload['reason'])})` : '';
  return `${String(payload['old_status'])} → ${String(payload['new_status'])}${reason}`;
};

const eventText = (payload: EventEnvelope['payload']) =>
  Object.entries(payload)
    .filter(([name]) => name !== 'session_id')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

/** The local time of day of a time of the API. */
const clock = (time: string) => new Date(time).toLocaleTimeString('en-GB');
