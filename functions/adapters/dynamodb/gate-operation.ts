import type { Write } from '#application/ports/write';
import { gateIndexes } from './entity-indexes.ts';
import type { Operation } from './item-engine.ts';
import { put, putNew } from './put-operation.ts';
import * as keys from './table.ts';

type GateWrite = Extract<
  Write,
  { kind: 'gate' | 'holder-added' | 'holder-removed' | 'waiter-added' | 'waiter-removed' }
>;

/** A write of a gate or of what it counts as an operation on the table. */
export const gateOperation = (tenantId: string, write: GateWrite): Operation => {
  switch (write.kind) {
    case 'gate':
      return put('gate', keys.gateKey(tenantId, write.after.name), write, gateIndexes(tenantId, write.after));
    case 'holder-added':
      return putNew('holder', keys.holderKey(tenantId, write.gate, write.holder.owner), write.holder);
    case 'holder-removed':
      return {
        remove: keys.holderKey(tenantId, write.gate, write.holder.owner),
        condition: { kind: 'exists' },
        what: 'holder',
      };
    case 'waiter-added':
      return putNew('waiter', keys.waiterKey(tenantId, write.gate, write.waiter), write.waiter);
    case 'waiter-removed':
      return {
        remove: keys.waiterKey(tenantId, write.gate, write.waiter),
        condition: { kind: 'exists' },
        what: 'waiter',
      };
  }
};
