import type { Write } from '#application/ports/write';
import type { Operation } from './item-engine.ts';
import * as keys from './table.ts';

type CheckpointWrite = Extract<
  Write,
  { kind: 'checkpoint' | 'work-checkpoint' | 'checkpoint-removed' | 'work-checkpoint-removed' }
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
    case 'work-checkpoint': {
      const key = keys.checkpointDataKey(tenantId, write.sessionId, write.sequence);
      return {
        put: { data: write.data, entity: 'work-checkpoint', ...key },
        condition: { kind: 'absent' },
        what: 'checkpoint',
      };
    }
    case 'checkpoint-removed':
    case 'work-checkpoint-removed': {
      const keyOf = write.kind === 'checkpoint-removed' ? keys.checkpointKey : keys.checkpointDataKey;
      const remove = keyOf(tenantId, write.sessionId, write.sequence);
      return { remove, condition: { kind: 'any' }, what: 'checkpoint' };
    }
  }
};
