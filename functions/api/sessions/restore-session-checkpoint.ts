import { makeRestoreCheckpoint } from '#application/restore-checkpoint';
import { readSession, type SessionState, viewSession } from '#application/session-view';
import { checkpointRoutes } from '#contracts/checkpoint-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /sessions/{session_id}/checkpoints/{checkpoint_id}/restore */
export const restoreSessionCheckpoint = route(
  checkpointRoutes.restoreSessionCheckpoint,
  async ({ params, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const state = await readSession(store, params.session_id);
    const answer = (session: SessionState['session']) => ({
      body: toWire(viewSession({ ...state, session }, clock.now())),
    });
    const restore = makeRestoreCheckpoint({ store, clock, ids });
    const input = { sessionId: params.session_id, checkpointId: params.checkpoint_id, ifVersion };
    return answer(await restore({ ...input, remember: remember(answer) }));
  },
);
