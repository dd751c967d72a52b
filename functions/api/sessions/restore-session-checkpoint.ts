import { makeRestoreCheckpoint } from '#application/restore-checkpoint';
import { checkpointRoutes } from '#contracts/checkpoint-routes';
import { route } from '#runtime/http/route-handler';
import { sessionAnswer } from './session-answer.ts';

/** POST /sessions/{session_id}/checkpoints/{checkpoint_id}/restore */
export const restoreSessionCheckpoint = route(
  checkpointRoutes.restoreSessionCheckpoint,
  async ({ params, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const answer = await sessionAnswer(store, params.session_id, clock.now);
    const restore = makeRestoreCheckpoint({ store, clock, ids });
    const input = { sessionId: params.session_id, checkpointId: params.checkpoint_id, ifVersion };
    return answer(await restore({ ...input, remember: remember(answer) }));
  },
);
