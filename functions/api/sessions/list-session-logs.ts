import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { LOG_LEVELS, type LogLevel } from '#domain/assignment/work-event';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

const isAtLeast = (level: LogLevel, least: LogLevel) => LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);

/** GET /sessions/{session_id}/logs */
export const listSessionLogs = route(
  routes.listSessionLogs,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const store = storeOf(tenantId);
    const session = await store.getSession(params.session_id);
    const { attempt = session.attempt, level = 'debug', source, limit, cursor, after } = query;
    const filters = { ...params, attempt, level, source };
    const scope = { tenantId, operationId: routes.listSessionLogs.operationId, filters, now: clock.now() };
    const afterLogSeq = Number(readCursor(digest, scope, cursor) ?? after);
    const page = await store.listLogs(session.id, { attempt, afterLogSeq, limit });
    const matching = page.items.filter(
      (line) => isAtLeast(line.level, level) && (source === undefined || line.source === source),
    );
    return { body: { items: matching.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);
