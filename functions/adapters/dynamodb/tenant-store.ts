import type { Page, StoredEvent, TenantStore } from '#application/ports/tenant-store';
import type { IdempotencyRecord, Wait } from '#application/ports/write';
import type { Agent } from '#domain/agent/agent';
import type { Assignment } from '#domain/assignment/assignment';
import type { AssignmentResult } from '#domain/assignment/result';
import type { LogLine } from '#domain/assignment/work-event';
import { ConcurrentUpdate, type EntityName, NotFound } from '#domain/errors';
import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import type { SessionLive } from '#domain/session/live';
import type { Attempt, Session, SessionInput } from '#domain/session/session';
import type { Tenant } from '#domain/tenant/tenant';
import type { Item, ItemEngine } from './item-engine.ts';
import * as keys from './table.ts';
import { writeOperation } from './write-operation.ts';

const MAX_LOG_LINES_A_PAGE = 100;
const MAX_HELD = 100;

/** A stored item is not what its key says. Nothing sensible can be done with it. */
export class CorruptItem extends Error {
  constructor(key: keys.Key, expected: string) {
    super(`item ${key.pk} ${key.sk} is not a ${expected}`);
  }
}

/** Keys belong to the table: carried along in an entity, they would be written back when the entity has moved on. */
const STORAGE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'rev',
  'entity',
  keys.TABLE.pk,
  keys.TABLE.sk,
  keys.TABLE.ttl,
  ...Object.values(keys.TABLE.indexes).flatMap(({ pk, sk }) => [pk, sk]),
]);

const read = <T>(item: Item | undefined, entity: string): T | undefined => {
  if (item === undefined) return undefined;
  if (item['entity'] !== entity) throw new CorruptItem(item, entity);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !STORAGE_ATTRIBUTES.has(name))) as T;
};

/** Everything stored of one tenant. Every key it makes begins with that tenant. */
export const makeTenantStore = (engine: ItemEngine, tenantId: string): TenantStore => {
  const find = async <T>(key: keys.Key, entity: string) => read<T>(await engine.get(key), entity);
  const must = <T>(found: T | undefined, entity: EntityName): T => {
    if (found === undefined) throw new NotFound(entity);
    return found;
  };
  const findSession = (id: string) => find<Session>(keys.sessionKey(tenantId, id), 'session');
  const findAssignment = (id: string) => find<Assignment>(keys.assignmentKey(tenantId, id), 'assignment');

  const assignmentsOf = async (found: readonly Item[]): Promise<readonly Assignment[]> =>
    (await engine.getMany(found)).map((item) => read<Assignment>(item, 'assignment') as Assignment);

  return {
    tenantId,
    commit: (writes) => engine.transact(writes.map((write) => writeOperation(tenantId, write))),

    findSession,
    getSession: async (id) => must(await findSession(id), 'session'),
    findInput: (id) => find<SessionInput>(keys.sessionInputKey(tenantId, id), 'session-input'),
    findLive: (id) => find<SessionLive>(keys.sessionLiveKey(tenantId, id), 'session-live'),
    findAttempt: (id, attempt) => find<Attempt>(keys.attemptKey(tenantId, id, attempt), 'attempt'),
    findResult: (id, attempt) => find<AssignmentResult>(keys.resultKey(tenantId, id, attempt), 'result'),
    findDiff: async (id, attempt) => (await find<{ diff: string }>(keys.diffKey(tenantId, id, attempt), 'diff'))?.diff,

    async listSessions({ limit, after }) {
      const found = await engine.query({ index: 'gsi1', pk: keys.sessionsByTime(tenantId), after, descending: true, limit });
      const items = await engine.getMany(found.flatMap(({ pk, sk }) => [{ pk, sk }, { pk, sk: 'LIVE' }]));
      const live = new Map(items.filter(({ sk }) => sk === 'LIVE').map((item) => [item.pk, item]));
      const sessions = items.filter(({ sk }) => sk !== 'LIVE');
      return {
        items: sessions.map((item) => ({
          session: read<Session>(item, 'session') as Session,
          live: read<SessionLive>(live.get(item.pk), 'session-live'),
        })),
        next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined),
      };
    },

    async listEvents(sessionId, { afterSeq, limit }): Promise<Page<StoredEvent>> {
      const stream = `session:${sessionId}`;
      const { pk, sk } = keys.eventKey(tenantId, stream, afterSeq);
      const found = await engine.query({ pk, prefix: keys.PREFIX.event, after: sk, limit });
      const items = found.map((item) => read<StoredEvent>(item, 'event') as StoredEvent);
      return { items, next: found.length < limit ? undefined : String(items.at(-1)?.seq) };
    },

    async listLogs(sessionId, { attempt, afterLogSeq, limit }): Promise<Page<LogLine>> {
      // a page begins at its first line, so the line asked for may stand inside the one before
      const { pk, sk } = keys.logPageKey(tenantId, sessionId, attempt, Math.max(0, afterLogSeq + 1 - MAX_LOG_LINES_A_PAGE));
      const found = await engine.query({ pk, prefix: keys.PREFIX.logs(attempt), after: sk, limit: limit + MAX_LOG_LINES_A_PAGE });
      const lines = found.flatMap((item) => (read<{ lines: LogLine[] }>(item, 'log-page') as { lines: LogLine[] }).lines);
      const items = lines.filter(({ logSeq }) => logSeq > afterLogSeq).slice(0, limit);
      return { items, next: items.length < limit ? undefined : String(items.at(-1)?.logSeq) };
    },

    async putWait(wait) {
      const item = { ...wait, entity: 'wait', ...keys.waitKey(tenantId, wait.sessionId) };
      try {
        await engine.transact([{ put: item, condition: { kind: 'at-most', attribute: 'run', value: wait.run }, what: 'wait' }]);
        return true;
      } catch (error) {
        if (error instanceof ConcurrentUpdate) return false;
        throw error;
      }
    },
    findWait: (id) => find<Wait>(keys.waitKey(tenantId, id), 'wait'),
    async removeWait(wait) {
      const condition = { kind: 'equals', attribute: 'taskToken', value: wait.taskToken } as const;
      await engine.transact([{ remove: keys.waitKey(tenantId, wait.sessionId), condition, what: 'wait' }]).catch((error: unknown) => {
        if (!(error instanceof ConcurrentUpdate)) throw error;
      });
    },

    findGate: (name) => find<Gate>(keys.gateKey(tenantId, name), 'gate'),
    findHolder: (name, owner) => find<Holder>(keys.holderKey(tenantId, name, owner), 'holder'),
    async firstWaiter(name) {
      const { pk } = keys.gateKey(tenantId, name);
      const [first] = await engine.query({ pk, prefix: keys.PREFIX.waiter, limit: 1 });
      return read<Waiter>(first, 'waiter');
    },

    findAssignment,
    getAssignment: async (id) => must(await findAssignment(id), 'assignment'),
    listPending: async (limit) => assignmentsOf(await engine.query({ index: 'gsi2', pk: keys.dispatchQueue(tenantId), limit })),
    listHeld: async (agentId) =>
      assignmentsOf(await engine.query({ index: 'gsi1', pk: keys.assignmentsOfAgent(tenantId, agentId), limit: MAX_HELD })),

    getAgent: async (id) => must(await find<Agent>(keys.agentKey(tenantId, id), 'agent'), 'agent'),
    findAgentId: async (name) => (await find<{ agentId: string }>(keys.agentNameKey(tenantId, name), 'agent-name'))?.agentId,
    findIdempotency: (digest) => find<IdempotencyRecord>(keys.idempotencyKey(tenantId, digest), 'idempotency'),
    getTenant: async () => must(await find<Tenant>(keys.tenantKey(tenantId), 'tenant'), 'tenant'),
  };
};
