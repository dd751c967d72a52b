import type { Actor } from '#domain/event';
import { type ModelPatch, patchModel } from '#domain/model/patch-model';
import type { Model } from '#domain/model/registered-model';
import { expectedModel, modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface UpdateModelInput {
  readonly modelName: string;
  readonly patch: ModelPatch;
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
}

/** Changes the description of a model, or the share of its challenger. @throws NotFound, PreconditionFailed */
export const makeUpdateModel = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ modelName, patch, actor, ifVersion }: UpdateModelInput): Promise<Model> => {
    const model = await expectedModel(store, { modelName, ifVersion });
    const change = patchModel(model, patch, { actor, at: isoNow(clock) });
    if (change === undefined) return model;
    await store.commit(modelWrites(change, ids));
    return change.after;
  };
  return (input: UpdateModelInput): Promise<Model> => retryConflict(clock, () => decide(input));
};
