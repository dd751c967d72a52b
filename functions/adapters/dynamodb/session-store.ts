import type { Page, StoredEvent } from '#application/ports/page';
import type { SessionStore } from '#application/ports/tenant-store';
import type { AssignmentResult } from '#domain/assignment/result';
import type { LogLine } from '#domain/assignment/work-event';
import { NotFound } from '#domain/errors';
import type { SessionLive } from '#domain/session/live';
import type { Attempt, Session, SessionInput } from '#domain/session/session';
import type { Item, ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

const LOG_PAGES_AT_ONCE = 10;

const linesOf = (pages: readonly Item[]): LogLine[] =>
  pages.flatMap((page) => (entityOf<{ lines: LogLine[] }>(page, 'log-page') as { lines: LogLine[] }).lines);

/** Sessions of one tenant and what stands beside them. */
export const makeSessionStore = (engine: ItemEngine, tenantId: string): SessionStore => {
  const find = finderOn(engine);
  const findSession = (id: string) => find<Session>(keys.sessionKey(tenantId, id), 'session');

  const sessionsAt = async (found: readonly keys.Key[]) =>
    (await engine.getMany(found)).map((item) => entityOf<Session>(item, 'session') as Session);

  return {
    findSession,
    async getSession(id) {
      const session = await findSession(id);
      if (session === undefined || session.deletedAt !== undefined) throw new NotFound('session');
      return session;
    },
    findInput: (id) => find<SessionInput>(keys.sessionInputKey(tenantId, id), 'session-input'),
    findLive: (id) => find<SessionLive>(keys.sessionLiveKey(tenantId, id), 'session-live'),
    findAttempt: (id, attempt) => find<Attempt>(keys.attemptKey(tenantId, id, attempt), 'attempt'),
    async listAttempts(id, { limit, before }) {
      const { pk } = keys.sessionKey(tenantId, id);
      const after = before === undefined ? undefined : keys.attemptKey(tenantId, id, before).sk;
      const found = await engine.query({ pk, prefix: keys.PREFIX.attempt, after, descending: true, limit });
      const items = found.map((item) => entityOf<Attempt>(item, 'attempt') as Attempt);
      return { items, next: found.length < limit ? undefined : String(items.at(-1)?.attempt) };
    },
    findResult: (id, attempt) => find<AssignmentResult>(keys.resultKey(tenantId, id, attempt), 'result'),
    findDiff: async (id, attempt) => (await find<{ diff: string }>(keys.diffKey(tenantId, id, attempt), 'diff'))?.diff,

    async listSessions({ limit, after }) {
      const found = await engine.query({
        index: 'gsi1',
        pk: keys.sessionsByTime(tenantId),
        after,
        descending: true,
        limit,
      });
      return {
        items: await sessionsAt(found),
        next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined),
      };
    },

    findSessions: (ids) => sessionsAt(ids.map((id) => keys.sessionKey(tenantId, id))),

    async findLives(ids) {
      const items = await engine.getMany(ids.map((id) => keys.sessionLiveKey(tenantId, id)));
      const lives = items.map((item) => entityOf<SessionLive>(item, 'session-live') as SessionLive);
      return new Map(lives.map((live) => [live.sessionId, live]));
    },

    async listEvents(sessionId, { afterSeq, limit }): Promise<Page<StoredEvent>> {
      const stream = `session:${sessionId}`;
      const { pk, sk } = keys.eventKey(tenantId, stream, afterSeq);
      const found = await engine.query({ pk, prefix: keys.PREFIX.event, after: sk, limit });
      const items = found.map((item) => entityOf<StoredEvent>(item, 'event') as StoredEvent);
      return { items, next: found.length < limit ? undefined : String(items.at(-1)?.seq) };
    },

    async listLogs(sessionId, { attempt, afterLogSeq, limit }): Promise<Page<LogLine>> {
      const { pk, sk } = keys.logPageKey(tenantId, sessionId, attempt, afterLogSeq + 1);
      const prefix = keys.PREFIX.logs(attempt);
      // a page is named after its first line: the line asked for stands in the last one that does not begin behind it
      const [first] =
        afterLogSeq === 0 ? [] : await engine.query({ pk, prefix, until: sk, descending: true, limit: 1 });
      const before = keys.logPageKey(tenantId, sessionId, attempt, afterLogSeq).sk;
      const lines = linesOf(first ? [first] : []).filter(({ logSeq }) => logSeq > afterLogSeq);
      for (let after = first?.sk ?? before, isMore = true; isMore && lines.length < limit; ) {
        const pages = await engine.query({ pk, prefix, after, limit: LOG_PAGES_AT_ONCE });
        lines.push(...linesOf(pages));
        after = pages.at(-1)?.sk ?? after;
        isMore = pages.length === LOG_PAGES_AT_ONCE;
      }
      const items = lines.slice(0, limit);
      return { items, next: items.length < limit ? undefined : String(items.at(-1)?.logSeq) };
    },
  };
};
