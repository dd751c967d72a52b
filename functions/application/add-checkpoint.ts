import { addCheckpoints, mayAddCheckpoint } from '#domain/checkpoint/add-checkpoints';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import type { Actor } from '#domain/event';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import { checkpointWrites, remembered, sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import { type GivenCheckpoint, newCheckpoint } from './new-checkpoint.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface AddCheckpointInput {
  readonly sessionId: string;
  readonly given: GivenCheckpoint;
  readonly actor: Actor & { readonly id: string };
  readonly ifVersion?: number | undefined;
  readonly remember?: ((checkpoint: Checkpoint) => IdempotencyRecord) | undefined;
}

/**
 * Adds a person's checkpoint to a session whose work has begun and not ended.
 * @throws NotFound, OperationNotAllowed, PreconditionFailed
 */
export const makeAddCheckpoint = ({
  store,
  clock,
  ids,
  digest,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
  digest: Digest;
}) => {
  const decide = async ({ sessionId, given, actor, ifVersion, remember }: AddCheckpointInput): Promise<Checkpoint> => {
    const session = await expectedSession(store, { sessionId, ifVersion });
    if (!mayAddCheckpoint(session.status)) throw new OperationNotAllowed(session.status, 'takes no checkpoint');
    const added = addCheckpoints(session, [newCheckpoint(given, { ids, digest })], {
      at: isoNow(clock),
      by: actor.id,
    });
    const [checkpoint] = added.checkpoints as [Checkpoint];
    await store.commit([
      ...sessionWrites(added, ids),
      ...checkpointWrites(added.checkpoints),
      ...remembered(remember?.(checkpoint)),
    ]);
    return checkpoint;
  };
  return (input: AddCheckpointInput): Promise<Checkpoint> => retryConflict(clock, () => decide(input));
};
