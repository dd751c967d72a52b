import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/diff */
export const getSessionDiff = route(
  routes.getSessionDiff,
  async ({ params, query, tenantId, wantsAlternative }, { storeOf }) => {
    const store = storeOf(tenantId);
    const session = await store.getSession(params.session_id);
    const { attempt = session.attempt } = query;
    const [result, diff] = await Promise.all([
      store.findResult(session.id, attempt),
      store.findDiff(session.id, attempt),
    ]);
    if (wantsAlternative) {
      return { body: undefined, text: { mediaType: 'text/x-diff; charset=utf-8', content: diff ?? '' } };
    }
    if (result?.resultCommit === undefined) return { body: { available: false, files: [] } };
    const { baseCommit, resultCommit, files, diffCut } = result;
    return {
      body: toWire({ available: true, attempt, baseCommit, resultCommit, cut: diffCut, files, diff: diff ?? '' }),
    };
  },
);
