import type { Write } from '#application/ports/write';
import { headRevision } from '#domain/session/children';
import type { Operation } from './item-engine.ts';
import * as keys from './table.ts';

type ErasureWrite = Extract<Write, { kind: 'session-erased' | 'assignment-erased' }>;

/** The removal of what belongs to an erased session as an operation on the table. What is gone already is no error. */
export const erasureOperation = (tenantId: string, write: ErasureWrite): Operation => {
  switch (write.kind) {
    case 'session-erased':
      return {
        remove: keys.sessionKey(tenantId, write.session.id),
        condition: { kind: 'revision', revision: headRevision(write.session) },
        what: 'session',
      };
    case 'assignment-erased':
      return {
        remove: keys.assignmentKey(tenantId, write.assignmentId),
        condition: { kind: 'any' },
        what: 'assignment',
      };
  }
};
