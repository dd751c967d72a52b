import type { WaitStore } from '#application/ports/tenant-store';
import type { Wait } from '#application/ports/write';
import { ConcurrentUpdate } from '#domain/errors';
import type { ItemEngine } from './item-engine.ts';
import { finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** The stored wait of each session: one item, replaced by a later one. */
export const makeWaitStore = (engine: ItemEngine, tenantId: string): WaitStore => {
  const find = finderOn(engine);

  return {
    async putWait(wait) {
      const item = { ...wait, entity: 'wait', ...keys.waitKey(tenantId, wait.sessionId) };
      try {
        await engine.transact([
          { put: item, condition: { kind: 'at-most', attribute: 'run', value: wait.run }, what: 'wait' },
        ]);
        return true;
      } catch (error) {
        if (error instanceof ConcurrentUpdate) return false;
        throw error;
      }
    },
    findWait: (id) => find<Wait>(keys.waitKey(tenantId, id), 'wait'),
    async removeWait(wait) {
      const condition = { kind: 'equals', attribute: 'taskToken', value: wait.taskToken } as const;
      await engine
        .transact([{ remove: keys.waitKey(tenantId, wait.sessionId), condition, what: 'wait' }])
        .catch((error: unknown) => {
          if (!(error instanceof ConcurrentUpdate)) throw error;
        });
    },
  };
};
