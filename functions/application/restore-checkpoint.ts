import { restoreCheckpoint } from '#domain/checkpoint/restore-checkpoint';
import type { Session } from '#domain/session/session';
import { remembered, sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import { keptCheckpoint } from './kept-checkpoint.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface RestoreCheckpointInput {
  readonly sessionId: string;
  readonly checkpointId: string;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((session: Session) => IdempotencyRecord) | undefined;
}

/**
 * Chooses the checkpoint that the session's work next begins from.
 * @throws NotFound for an unknown session, and for a checkpoint that the session has not or no longer
 * @throws OperationNotAllowed, PreconditionFailed
 */
export const makeRestoreCheckpoint = ({
  store,
  clock,
  ids,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
}) => {
  const decide = async ({ sessionId, checkpointId, ifVersion, remember }: RestoreCheckpointInput): Promise<Session> => {
    const session = await expectedSession(store, { sessionId, ifVersion });
    const chosen = await keptCheckpoint(store, sessionId, checkpointId);
    const restored = restoreCheckpoint(session, chosen, isoNow(clock));
    await store.commit([...sessionWrites(restored, ids), ...remembered(remember?.(restored.after))]);
    return restored.after;
  };
  return (input: RestoreCheckpointInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
