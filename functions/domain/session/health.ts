import { mayAddCheckpoint } from '#domain/checkpoint/add-checkpoints';
import { mayRestore } from '#domain/checkpoint/restore-checkpoint';
import type { Session } from './session.ts';
import { isDeletable, isLegalMove, isRetryStatus } from './status.ts';

const NEARLY_OUT_OF_TIME = 0.9;
const LATE = 0.7;

const runningScore = (ratio: number): number => {
  if (ratio > NEARLY_OUT_OF_TIME) return 0.3;
  return ratio > LATE ? 0.7 : 0.9;
};

/** How well a session does, 0 to 1, from its status and the share of its working time that is used. */
export const healthScore = (session: Session, activeSeconds: number): number => {
  const score = runningScore(activeSeconds / session.maxDurationSeconds);
  switch (session.status) {
    case 'completed':
      return 1;
    case 'failed':
    case 'timeout':
    case 'orphaned':
      return 0;
    case 'running':
      return score;
    case 'degraded':
      return Math.round((score - 0.2) * 10) / 10;
    default:
      return 0.8;
  }
};

const MIN_ERROR_SHARE = 0.1;
const MOST_RETRIES = 5;
const MOST_WARNINGS = 10;

/** False when the session was tried or warned of too often, or the model answers too often with errors. */
export const isHealthy = (
  { attempt }: Pick<Session, 'attempt'>,
  { apiCalls, apiErrors, warnings }: { apiCalls: number; apiErrors: number; warnings: number },
): boolean =>
  attempt - 1 <= MOST_RETRIES &&
  warnings <= MOST_WARNINGS &&
  !(apiErrors > 0 && (apiCalls === 0 || apiErrors / apiCalls > MIN_ERROR_SHARE));

/** Whether another attempt may be asked for. */
export const isRetryable = ({ status, attempt, maxAttempts }: Session): boolean =>
  isRetryStatus(status) && attempt < maxAttempts;

/** Operations that the status allows now; only those this version of the API offers. */
export const allowedOperations = ({ status }: Session): string[] => [
  'update_session',
  ...(status === 'pending' ? ['start_session'] : []),
  ...(isRetryStatus(status) ? ['retry_session'] : []),
  ...(isLegalMove(status, 'cancelled') ? ['cancel_session'] : []),
  ...(isDeletable(status) ? ['delete_session'] : []),
  ...(mayAddCheckpoint(status) ? ['add_session_checkpoint'] : []),
  ...(mayRestore(status) ? ['restore_session_checkpoint'] : []),
];
