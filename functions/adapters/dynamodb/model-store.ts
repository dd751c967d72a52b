import type { ModelStore } from '#application/ports/model-store';
import { NotFound } from '#domain/errors';
import type { AliasMove, Model, ModelVersion } from '#domain/model/registered-model';
import { NO_TALLY, type Tally } from '#domain/model/tally';
import { versionOrder } from '#domain/model/version-order';
import type { ItemEngine } from './item-engine.ts';
import { countedAs } from './model-operation.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** Models of one tenant, their versions and the moves of their aliases. */
export const makeModelStore = (engine: ItemEngine, tenantId: string): ModelStore => {
  const find = finderOn(engine);
  const findModel = (name: string) => find<Model>(keys.modelKey(tenantId, name), 'model');

  return {
    findModel,
    async getModel(name) {
      const model = await findModel(name);
      if (model === undefined) throw new NotFound('model');
      return model;
    },
    findModelVersion: (name, version) =>
      find<ModelVersion>(keys.modelVersionKey(tenantId, name, versionOrder(version)), 'model-version'),

    async listModels({ limit, after }) {
      const found = await engine.query({ index: 'gsi1', pk: keys.modelsByName(tenantId), after, limit });
      const items = (await engine.getMany(found)).map((item) => entityOf<Model>(item, 'model') as Model);
      return { items, next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined) };
    },

    async listModelVersions(name, { limit, after }) {
      const { pk } = keys.modelKey(tenantId, name);
      const behind = after === undefined ? undefined : keys.modelVersionKey(tenantId, name, versionOrder(after)).sk;
      const query = { pk, prefix: keys.PREFIX.modelVersion, after: behind, descending: true, limit };
      const items = (await engine.query(query)).map((item) => entityOf<ModelVersion>(item, 'model-version'));
      const versions = items as readonly ModelVersion[];
      return { items: versions, next: versions.length < limit ? undefined : versions.at(-1)?.version };
    },

    async listAliasMoves(name, { limit, before }) {
      const { pk } = keys.modelKey(tenantId, name);
      const behind = before === undefined ? undefined : keys.aliasMoveKey(tenantId, name, before).sk;
      const query = { pk, prefix: keys.PREFIX.aliasMove, after: behind, descending: true, limit };
      const items = (await engine.query(query)).map((item) => entityOf<AliasMove>(item, 'alias-move'));
      const moves = items as readonly AliasMove[];
      return { items: moves, next: moves.length < limit ? undefined : String(moves.at(-1)?.seq) };
    },

    async findTallies(name, of) {
      const wanted = of.map((one) => keys.tallyKey(tenantId, name, countedAs(one)));
      const found = new Map((await engine.getMany(wanted)).map((item) => [item.sk, item]));
      return wanted.map(({ sk }) => ({ ...NO_TALLY, ...entityOf<Tally>(found.get(sk), 'tally') }));
    },
  };
};
