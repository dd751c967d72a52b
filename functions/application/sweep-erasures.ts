import { isToErase } from '#domain/session/delete-session';
import type { ObjectStore } from './ports/object-store.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 20;

/** Items, and files, that go at once. */
const AT_ONCE = 25;

/** Of one session in one pass; a larger one goes on in the next. */
const MAX_BATCHES = 20;

/** More attempts than a session can have. */
const EVERY_ATTEMPT = 100;

export interface ErasureSweep {
  readonly erased: number;
  /** Sessions of which something is left for the next pass. */
  readonly begun: number;
}

/**
 * Erases what was deleted 90 days ago: assignments, objects, everything beside the head, and the head last, so that a pass that is
 * killed is found again and goes on. What refers to it keeps the id of a session that nobody knows.
 */
export const makeSweepErasures = ({
  due,
  storeOf,
  objectsOf,
  clock,
}: Omit<SweepPorts, 'ids'> & { readonly objectsOf: (tenantId: string) => Pick<ObjectStore, 'list' | 'remove'> }) => {
  /** Their ids stand in the parts, so they go before these. */
  const eraseAssignments = async (store: TenantStore, sessionId: string): Promise<void> => {
    const [live, { items }] = await Promise.all([
      store.findLive(sessionId),
      store.listAttempts(sessionId, { limit: EVERY_ATTEMPT }),
    ]);
    const named = [
      ...items.flatMap(({ assignmentIds = [] }) => assignmentIds),
      ...(live?.earlierAssignmentIds ?? []),
      ...(live?.assignmentId ? [live.assignmentId] : []),
    ];
    const ids = [...new Set(named)];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      await store.commit(
        ids.slice(start, start + AT_ONCE).map((assignmentId) => ({ kind: 'assignment-erased', assignmentId })),
      );
    }
  };

  /** All that was ever put there for the session, whether an item names it or not. */
  const eraseObjects = async (tenantId: string, sessionId: string): Promise<number> => {
    const objects = objectsOf(tenantId);
    const names = await objects.list(sessionId, AT_ONCE);
    await Promise.all(names.map((name) => objects.remove(name)));
    return names.length;
  };

  const erase = async (tenantId: string, sessionId: string): Promise<keyof ErasureSweep | 'kept'> => {
    const store = storeOf(tenantId);
    const session = await store.findSession(sessionId);
    if (session === undefined || !isToErase(session, clock.now())) return 'kept';
    await eraseAssignments(store, sessionId);
    const kinds = [() => eraseObjects(tenantId, sessionId), () => store.erasePartsOf(sessionId, AT_ONCE)];
    let batches = 0;
    for (const eraseSome of kinds) {
      while (batches++ < MAX_BATCHES && (await eraseSome()) > 0);
    }
    if (batches > MAX_BATCHES) return 'begun';
    await store.commit([{ kind: 'session-erased', session }]);
    return 'erased';
  };

  return async (): Promise<ErasureSweep> => {
    const counts = { erased: 0, begun: 0, kept: 0 };
    const found = await due.dueErasures(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, sessionId }) => {
      counts[await erase(tenantId, sessionId)]++;
    });
    return { erased: counts.erased, begun: counts.begun };
  };
};
