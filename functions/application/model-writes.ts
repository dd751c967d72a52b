import { NotFound, PreconditionFailed } from '#domain/errors';
import type { Model, ModelChange, ModelVersion } from '#domain/model/registered-model';
import { eventWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { ModelStore } from './ports/model-store.ts';
import type { Write } from './ports/write.ts';

/** A model with its version, the moves of its aliases, and the events that announce the change. */
export const modelWrites = ({ before, after, version, moves, events }: ModelChange, ids: Identifiers): Write[] => [
  { kind: 'model', before, after },
  ...(version ? [{ kind: 'model-version', ...version } as const] : []),
  ...moves.map((move) => ({ kind: 'alias-move', move }) as const),
  ...eventWrites(events, ids),
];

/** A model as the client expects it; any without an expectation. @throws NotFound, PreconditionFailed */
export const expectedModel = async (
  store: Pick<ModelStore, 'getModel'>,
  { modelName, ifVersion }: { readonly modelName: string; readonly ifVersion?: number | undefined },
): Promise<Model> => {
  const model = await store.getModel(modelName);
  if (ifVersion !== undefined && ifVersion !== model.version) throw new PreconditionFailed(model.version);
  return model;
};

/** A version of a model that exists. @throws NotFound */
export const getModelVersion = async (
  store: Pick<ModelStore, 'findModelVersion'>,
  modelName: string,
  version: string,
): Promise<ModelVersion> => {
  const found = await store.findModelVersion(modelName, version);
  if (found === undefined) throw new NotFound('model_version');
  return found;
};
