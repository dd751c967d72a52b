import type { ModelWrite } from '#application/ports/write';
import type { TallyChange } from '#domain/model/count-end';
import { versionOrder } from '#domain/model/version-order';
import type { Operation } from './item-engine.ts';
import { addTo, put, putNew } from './put-operation.ts';
import * as keys from './table.ts';

/** The name under which sessions are counted together. */
export const countedAs = (of: TallyChange['of']): string =>
  'version' in of ? versionOrder(of.version) : `${of.trial}#${of.arm}`;

/** A write of a model as an operation on the table. */
export const modelOperation = (tenantId: string, write: ModelWrite): Operation => {
  switch (write.kind) {
    case 'model':
      return put('model', keys.modelKey(tenantId, write.after.name), write, {
        gsi1pk: keys.modelsByName(tenantId),
        gsi1sk: write.after.name,
      });
    case 'model-version': {
      const { modelName, version } = write.after;
      return put('model-version', keys.modelVersionKey(tenantId, modelName, versionOrder(version)), write);
    }
    case 'alias-move': {
      const { modelName, seq } = write.move;
      return putNew('alias-move', keys.aliasMoveKey(tenantId, modelName, seq), write.move);
    }
    case 'tally': {
      const { modelName, of, by } = write.change;
      return addTo('tally', keys.tallyKey(tenantId, modelName, countedAs(of)), by);
    }
  }
};
