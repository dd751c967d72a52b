import type { Actor } from '#domain/event';
import { archiveVersion } from '#domain/model/archive-version';
import type { Model, ModelVersion } from '#domain/model/registered-model';
import { NO_TALLY, type Tally } from '#domain/model/tally';
import { remembered } from './change-writes.ts';
import { expectedModel, getModelVersion, modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

/** A version with the model that it belongs to, and what the sessions that it served came to. */
export interface VersionOfModel {
  readonly model: Model;
  readonly version: ModelVersion;
  readonly tally: Tally;
}

export interface ArchiveVersionInput {
  readonly modelName: string;
  readonly version: string;
  readonly actor: Actor;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((found: VersionOfModel) => IdempotencyRecord) | undefined;
}

/**
 * Takes a version out of use for good. Archiving an archived one changes nothing.
 * @throws NotFound, PreconditionFailed, ModelVersionInUse
 */
export const makeArchiveVersion = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ modelName, version, actor, ifVersion, remember }: ArchiveVersionInput) => {
    const model = await expectedModel(store, { modelName, ifVersion });
    const found = await getModelVersion(store, modelName, version);
    const [tally = NO_TALLY] = await store.findTallies(modelName, [{ version }]);
    const change = archiveVersion(model, found, { actor, at: isoNow(clock) });
    if (change?.version === undefined) return { model, version: found, tally };
    const archived = { model: change.after, version: change.version.after, tally };
    await store.commit([...modelWrites(change, ids), ...remembered(remember?.(archived))]);
    return archived;
  };
  return (input: ArchiveVersionInput): Promise<VersionOfModel> => retryConflict(clock, () => decide(input));
};
