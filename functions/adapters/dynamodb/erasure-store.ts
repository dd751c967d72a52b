import type { ErasureStore } from '#application/ports/tenant-store';
import type { ItemEngine } from './item-engine.ts';
import * as keys from './table.ts';

/** Removes what stands beside the heads of one tenant's sessions. */
export const makeErasureStore = (engine: ItemEngine, tenantId: string): ErasureStore => ({
  async erasePartsOf(sessionId, limit) {
    const head = keys.sessionKey(tenantId, sessionId);
    const found = await engine.query({ pk: head.pk, limit: limit + 1 });
    const parts = found.filter(({ sk }) => sk !== head.sk).slice(0, limit);
    // one by one costs half of a transaction, and nothing of it needs to happen at once
    await Promise.all(
      parts.map(({ pk, sk }) => engine.transact([{ remove: { pk, sk }, condition: { kind: 'any' }, what: 'part' }])),
    );
    return parts.length;
  },
});
