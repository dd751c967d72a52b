import { refOf } from '#domain/checkpoint/checkpoint';
import { restoreCheckpoint } from '#domain/checkpoint/restore-checkpoint';
import { CHECKPOINTS_KEPT } from '#domain/checkpoint/rotation';
import { NotFound, PreconditionFailed } from '#domain/errors';
import type { Session } from '#domain/session/session';
import { sessionWrites } from './change-writes.ts';
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
    const session = await store.getSession(sessionId);
    if (ifVersion !== undefined && ifVersion !== session.version) throw new PreconditionFailed(session.version);
    const { items } = await store.listCheckpoints(sessionId, { limit: CHECKPOINTS_KEPT + 1, withData: false });
    const chosen = items.find(({ id }) => id === checkpointId);
    if (chosen === undefined) throw new NotFound('checkpoint');
    const restored = restoreCheckpoint(session, refOf(chosen), isoNow(clock));
    const record = remember?.(restored.after);
    await store.commit([
      ...sessionWrites(restored, ids),
      ...(record ? [{ kind: 'idempotency', record } as const] : []),
    ]);
    return restored.after;
  };
  return (input: RestoreCheckpointInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
