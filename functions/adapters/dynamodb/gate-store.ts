import type { GateStore } from '#application/ports/tenant-store';
import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** Gates of one tenant, with their holders and waiters. */
export const makeGateStore = (engine: ItemEngine, tenantId: string): GateStore => {
  const find = finderOn(engine);

  return {
    findGate: (name) => find<Gate>(keys.gateKey(tenantId, name), 'gate'),
    findHolder: (name, owner) => find<Holder>(keys.holderKey(tenantId, name, owner), 'holder'),
    async firstWaiter(name) {
      const { pk } = keys.gateKey(tenantId, name);
      const [first] = await engine.query({ pk, prefix: keys.PREFIX.waiter, limit: 1 });
      return entityOf<Waiter>(first, 'waiter');
    },
  };
};
