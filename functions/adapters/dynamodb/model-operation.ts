import type { ModelWrite } from '#application/ports/write';
import { versionOrder } from '#domain/model/version-order';
import type { Operation } from './item-engine.ts';
import { put, putNew } from './put-operation.ts';
import * as keys from './table.ts';

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
  }
};
