import type { Client } from '#contracts/client';
import type { Session } from '#contracts/session';
import type { Report } from './output/session-report.ts';

/** What an ended session handed back, for its report. */
export const readReport = async (client: Client, session: Session): Promise<Report> => {
  const params = { session_id: session.id };
  const [result, diff] = await Promise.all([
    client.call('getSessionResult', { params }),
    client.call('getSessionDiff', { params }),
  ]);
  return { session, result, diff };
};
