import type { EventEnvelope, LogLine } from '#contracts/session-log';
import { hanging, oneLine } from './visible.ts';

/** A log line for people; what it has below its first line is indented. */
export const logLine = ({ logged_at, level, source, message }: LogLine): string => {
  const mark = level === 'error' || level === 'warning' ? `${level}: ` : '';
  return `${clock(logged_at)}  ${oneLine(source).padEnd(sourceWidth)}  ${mark}${hanging(message, messageIndent)}`;
};

/** An event as a line for people. */
export const eventLine = ({ timestamp, type, payload }: EventEnvelope): string => {
  const kind = type.replace(/^(session|training_job)\./, '');
  const isMove = kind === 'status_changed';
  const text = isMove ? statusText(payload) : eventText(payload);
  const name = isMove ? 'status' : kind;
  return `${clock(timestamp)}  ${oneLine(name).padEnd(sourceWidth)}  ${oneLine(text)}`.trimEnd();
};

const sourceWidth = 9;
/** The time of day, the source and the gaps behind them. */
const messageIndent = 8 + 2 + sourceWidth + 2;

const statusText = (payload: EventEnvelope['payload']) => {
  const reason = payload['reason'] ? ` (${String(payload['reason'])})` : '';
  const phase = payload['phase'] ? ` · ${String(payload['phase']).replaceAll('_', ' ')}` : '';
  return `${String(payload['old_status'])} → ${String(payload['new_status'])}${phase}${reason}`;
};

const eventText = (payload: EventEnvelope['payload']) =>
  Object.entries(payload)
    .filter(([name]) => name !== 'session_id' && name !== 'job_id')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

/** The local time of day of a time of the API. */
const clock = (time: string) => new Date(time).toLocaleTimeString('en-GB');
