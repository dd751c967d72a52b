import type { GateStore } from '#application/ports/tenant-store';
import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

const MAX_HOLDERS = 10_000;

/** Gates of one tenant, with their holders and waiters. */
export const makeGateStore = (engine: ItemEngine, tenantId: string): GateStore => {
  const find = finderOn(engine);
  const listWaiters = async (name: string, limit: number) => {
    const { pk } = keys.gateKey(tenantId, name);
    const found = await engine.query({ pk, prefix: keys.PREFIX.waiter, limit });
    return found.map((item) => entityOf<Waiter>(item, 'waiter') as Waiter);
  };

  return {
    findGate: (name) => find<Gate>(keys.gateKey(tenantId, name), 'gate'),
    findHolder: (name, owner) => find<Holder>(keys.holderKey(tenantId, name, owner), 'holder'),
    firstWaiter: async (name) => (await listWaiters(name, 1))[0],
    listWaiters,
    async listHolders(name) {
      const { pk } = keys.gateKey(tenantId, name);
      const found = await engine.query({ pk, prefix: keys.PREFIX.holder, limit: MAX_HOLDERS });
      return found.map((item) => entityOf<Holder>(item, 'holder') as Holder);
    },
  };
};
