import type { WaitStore } from '#application/ports/tenant-store';
import type { Wait } from '#domain/session/wait';
import type { ItemEngine } from './item-engine.ts';
import { finderOn } from './stored-entity.ts';
import * as keys from './table.ts';
import { tried } from './tried.ts';
import { isStill, waitOperation } from './write-operation.ts';

/** The stored wait of each session: one item, replaced by a later one. */
export const makeWaitStore = (engine: ItemEngine, tenantId: string): WaitStore => {
  const find = finderOn(engine);

  return {
    putWait: (wait) => tried(engine, waitOperation(tenantId, wait)),
    findWait: (id) => find<Wait>(keys.waitKey(tenantId, id), 'wait'),
    replaceWait: (seen, next) => tried(engine, waitOperation(tenantId, next, isStill(seen))),
    async removeWait(wait) {
      await tried(engine, { remove: keys.waitKey(tenantId, wait.sessionId), condition: isStill(wait), what: 'wait' });
    },
  };
};
