import type { Client } from '#contracts/client';
import type { EventEnvelope, LogLine } from '#contracts/session-log';
import { everyPage } from './every-page.ts';

const limit = 100;

export interface LogPosition {
  readonly session_id: string;
  readonly attempt?: number | undefined;
  /** The log_seq of the newest line known already. */
  readonly after: number;
}

/** The log lines of an attempt after a position, oldest first. */
export const readLogs = (client: Client, { session_id, attempt, after }: LogPosition): Promise<LogLine[]> =>
  everyPage((cursor) =>
    client.call('listSessionLogs', {
      params: { session_id },
      query: {
        after,
        limit,
        ...(attempt === undefined ? {} : { attempt }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    }),
  );

/** The recorded events of a session after a sequence number, oldest first. */
export const readEvents = (client: Client, session_id: string, after_seq: number): Promise<EventEnvelope[]> =>
  everyPage((cursor) =>
    client.call('listSessionEvents', {
      params: { session_id },
      query: { after_seq, limit, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
