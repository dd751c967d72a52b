import { modelWrites } from '#application/model-writes';
import type { Identifiers } from '#application/ports/identifiers';
import type { TenantStore } from '#application/ports/tenant-store';
import { type NewVersion, registerVersion } from '#domain/model/register-version';
import { aNewVersion } from './a-model.ts';
import { NOON } from './a-session.ts';

/** Gives a tenant's model another version, as a training job does at its end; approved unless told otherwise. */
export const aRegisteredVersion = async (
  { store, ids }: { readonly store: TenantStore; readonly ids: Identifiers },
  fields: Partial<NewVersion> = {},
): Promise<void> => {
  const made = aNewVersion({ tenantId: store.tenantId, ...fields });
  await store.commit(modelWrites(registerVersion(await store.findModel(made.modelName), made, NOON), ids));
};
