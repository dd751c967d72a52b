import { httpHandler } from '#runtime/http/http-handler';
import { portsWithObjects } from '#runtime/ports-with-objects';
import { addSessionCheckpoint } from './add-session-checkpoint.ts';
import { cancelSession } from './cancel-session.ts';
import { createSession } from './create-session.ts';
import { deleteSession } from './delete-session.ts';
import { restoreSessionCheckpoint } from './restore-session-checkpoint.ts';
import { retrySession } from './retry-session.ts';
import { startSession } from './start-session.ts';
import { updateSession } from './update-session.ts';

/** What changes sessions. */
export const sessionCommands = [
  createSession,
  updateSession,
  deleteSession,
  startSession,
  retrySession,
  cancelSession,
  addSessionCheckpoint,
  restoreSessionCheckpoint,
];

export const handler = httpHandler(sessionCommands, portsWithObjects);
