import type { WaitStore } from '#application/ports/tenant-store';
import { ConcurrentUpdate } from '#domain/errors';
import type { Wait } from '#domain/session/wait';
import type { ItemEngine, Operation } from './item-engine.ts';
import { finderOn } from './stored-entity.ts';
import * as keys from './table.ts';
import { isStill, waitOperation } from './write-operation.ts';

/** The stored wait of each session: one item, replaced by a later one. */
export const makeWaitStore = (engine: ItemEngine, tenantId: string): WaitStore => {
  const find = finderOn(engine);

  /** Answers whether the condition held. */
  const tried = async (operation: Operation): Promise<boolean> => {
    try {
      await engine.transact([operation]);
      return true;
    } catch (error) {
      if (error instanceof ConcurrentUpdate) return false;
      throw error;
    }
  };

  return {
    putWait: (wait) => tried(waitOperation(tenantId, wait)),
    findWait: (id) => find<Wait>(keys.waitKey(tenantId, id), 'wait'),
    replaceWait: (seen, next) => tried(waitOperation(tenantId, next, isStill(seen))),
    async removeWait(wait) {
      await tried({ remove: keys.waitKey(tenantId, wait.sessionId), condition: isStill(wait), what: 'wait' });
    },
  };
};
