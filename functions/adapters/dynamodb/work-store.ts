import type { SessionWork, WorkStore } from '#application/ports/tenant-store';
import type { AssignmentResult } from '#domain/assignment/result';
import type { SessionLive } from '#domain/session/live';
import type { SessionInput } from '#domain/session/session';
import type { Item, ItemEngine } from './item-engine.ts';
import { entityOf } from './stored-entity.ts';
import * as keys from './table.ts';

/** What an item beside a session's head says of the work. */
const workOf = (item: Item): SessionWork => {
  switch (item['entity']) {
    case 'session-input':
      return { input: entityOf<SessionInput>(item, 'session-input') };
    case 'session-live':
      return { agentId: entityOf<SessionLive>(item, 'session-live')?.agentId };
    case 'result':
      return { result: entityOf<AssignmentResult>(item, 'result') };
    default:
      return { diff: entityOf<{ diff: string }>(item, 'diff')?.diff };
  }
};

/** What one tenant's sessions were given and handed back, many at a time. */
export const makeWorkStore = (engine: ItemEngine, tenantId: string): WorkStore => ({
  async findWorks(sessions) {
    const places = sessions.flatMap(({ id, attempt }) => [
      keys.sessionInputKey(tenantId, id),
      keys.sessionLiveKey(tenantId, id),
      keys.resultKey(tenantId, id, attempt),
      keys.diffKey(tenantId, id, attempt),
    ]);
    const works = new Map<string, SessionWork>();
    for (const item of await engine.getMany(places)) {
      const { id } = keys.ownerOfKey(item);
      works.set(id, { ...works.get(id), ...workOf(item) });
    }
    return works;
  },
});
