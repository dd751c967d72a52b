import type { Write } from '#application/ports/write';
import type { Operation } from './item-engine.ts';
import * as keys from './table.ts';

type CheckpointWrite = Extract<
  Write,
  { kind: 'checkpoint' | 'checkpoint-data' | 'checkpoint-removed' | 'checkpoint-data-removed' }
>;

/** A write of a checkpoint as an operation on the table. A sequence is taken once. */
export const checkpointOperation = (tenantId: string, write: CheckpointWrite): Operation => {
  switch (write.kind) {
    case 'checkpoint': {
      const { checkpoint, data } = write;
      const key = keys.checkpointKey(tenantId, checkpoint.sessionId, checkpoint.sequence);
      return {
        put: { ...checkpoint, data, entity: 'checkpoint', ...key },
        condition: { kind: 'absent' },
        what: 'checkpoint',
      };
    }
    case 'checkpoint-data': {
      const key = keys.checkpointDataKey(tenantId, write.sessionId, write.sequence);
      return {
        put: { data: write.data, entity: 'checkpoint-data', ...key },
        condition: { kind: 'absent' },
        what: 'checkpoint',
      };
    }
    case 'checkpoint-removed':
    case 'checkpoint-data-removed': {
      const keyOf = write.kind === 'checkpoint-removed' ? keys.checkpointKey : keys.checkpointDataKey;
      const remove = keyOf(tenantId, write.sessionId, write.sequence);
      return { remove, condition: { kind: 'any' }, what: 'checkpoint' };
    }
  }
};
