import { NotFound } from '#domain/errors';
import {
  chooseVersion,
  isRegistryName,
  type ModelResolution,
  parseRegistryName,
  possibleVersions,
  servedAs,
} from '#domain/model/resolve-model';
import type { Session } from '#domain/session/session';
import type { Sha256 } from '#domain/sha256';
import { getModelVersion } from './model-writes.ts';
import type { ModelStore } from './ports/model-store.ts';

type Registry = Pick<ModelStore, 'findModel' | 'findModelVersion'>;

const readModel = async (store: Registry, modelIdentifier: string) => {
  const name = parseRegistryName(modelIdentifier);
  const model = await store.findModel(name.modelName);
  if (model === undefined) throw new NotFound('model');
  return { name, model };
};

/**
 * What a session's model identifier means now. Undefined, without a look at the table, where it names no model of the registry.
 * @throws NotFound, ModelVersionArchived, ModelNotServable
 */
export const resolveModel = async (
  { store, sha256 }: { readonly store: Registry; readonly sha256: Sha256 },
  { id, modelIdentifier }: Pick<Session, 'id' | 'modelIdentifier'>,
): Promise<ModelResolution | undefined> => {
  if (!isRegistryName(modelIdentifier)) return undefined;
  const { name, model } = await readModel(store, modelIdentifier);
  const { version, alias, ...trial } = chooseVersion(model, name, id, sha256);
  const found = await getModelVersion(store, model.name, version);
  const { simulated } = found;
  return { requested: modelIdentifier, version, alias, modelIdentifier: servedAs(found), simulated, ...trial };
};

/**
 * Refuses work whose model could not be told to an agent now, so that whoever starts it learns it at once. What changes until the
 * attempt begins is found then.
 * @throws NotFound, ModelVersionArchived, ModelNotServable
 */
export const checkServable = async (store: Registry, modelIdentifier: string | undefined): Promise<void> => {
  if (!isRegistryName(modelIdentifier)) return;
  const { name, model } = await readModel(store, modelIdentifier);
  for (const version of possibleVersions(model, name)) servedAs(await getModelVersion(store, model.name, version));
};
