import { httpHandler } from '#runtime/http/http-handler';
import { portsWithObjects } from '#runtime/ports-with-objects';
import { getSession } from './get-session.ts';
import { getSessionDiff } from './get-session-diff.ts';
import { getSessionResult } from './get-session-result.ts';
import { listSessionArtifacts } from './list-session-artifacts.ts';
import { listSessionAttempts } from './list-session-attempts.ts';
import { listSessionCheckpoints } from './list-session-checkpoints.ts';
import { listSessionEvents } from './list-session-events.ts';
import { listSessionLogs } from './list-session-logs.ts';
import { listSessions } from './list-sessions.ts';

/** What only reads sessions. */
export const sessionQueries = [
  listSessions,
  getSession,
  listSessionArtifacts,
  listSessionCheckpoints,
  listSessionEvents,
  listSessionAttempts,
  listSessionLogs,
  getSessionResult,
  getSessionDiff,
];

export const handler = httpHandler(sessionQueries, portsWithObjects);
