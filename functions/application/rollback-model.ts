import type { Actor } from '#domain/event';
import { rollBack, rollbackTarget } from '#domain/model/move-alias';
import type { Model } from '#domain/model/registered-model';
import { remembered } from './change-writes.ts';
import { expectedModel, getModelVersion, modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface RollbackModelInput {
  readonly modelName: string;
  readonly alias: string;
  readonly reason?: string | undefined;
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((model: Model) => IdempotencyRecord) | undefined;
}

/**
 * Moves an alias back to where it was before. Attempts that begin afterwards use that.
 * @throws NotFound, PreconditionFailed, NothingToRollBack
 */
export const makeRollbackModel = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ modelName, alias, reason, actor, ifVersion, remember }: RollbackModelInput) => {
    const model = await expectedModel(store, { modelName, ifVersion });
    const target = await getModelVersion(store, modelName, rollbackTarget(model, alias));
    const change = rollBack(model, target, { alias, reason, actor, at: isoNow(clock) });
    await store.commit([...modelWrites(change, ids), ...remembered(remember?.(change.after))]);
    return change.after;
  };
  return (input: RollbackModelInput): Promise<Model> => retryConflict(clock, () => decide(input));
};
