import type { Actor } from '#domain/event';
import { type Promotion, promote } from '#domain/model/move-alias';
import type { Model } from '#domain/model/registered-model';
import { remembered } from './change-writes.ts';
import { expectedModel, getModelVersion, modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface PromoteModelInput extends Omit<Promotion, 'at'> {
  readonly modelName: string;
  readonly version: string;
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((model: Model) => IdempotencyRecord) | undefined;
}

/**
 * Moves an alias to a version. Attempts that begin afterwards use it; those under way go on with what they have.
 * @throws NotFound, PreconditionFailed, AliasMoved, ModelVersionArchived, ModelNotApproved, InvalidInput
 */
export const makePromoteModel = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ modelName, version, ifVersion, remember, ...promotion }: PromoteModelInput) => {
    const model = await expectedModel(store, { modelName, ifVersion });
    const candidate = await getModelVersion(store, modelName, version);
    const change = promote(model, candidate, { ...promotion, at: isoNow(clock) });
    if (change === undefined) return model;
    await store.commit([...modelWrites(change, ids), ...remembered(remember?.(change.after))]);
    return change.after;
  };
  return (input: PromoteModelInput): Promise<Model> => retryConflict(clock, () => decide(input));
};
