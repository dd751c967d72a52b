import { makeAddCheckpoint } from '#application/add-checkpoint';
import { CHECKPOINT_MAX_BYTES } from '#contracts/checkpoint';
import { checkpointRoutes } from '#contracts/checkpoint-routes';
import { fromWire } from '#contracts/wire-case';
import { Refusal } from '#runtime/http/refusal';
import { route } from '#runtime/http/route-handler';
import { presentCheckpoint } from './checkpoint-view.ts';

type Checkpoint = Awaited<ReturnType<ReturnType<typeof makeAddCheckpoint>>>;

/** POST /sessions/{session_id}/checkpoints */
export const addSessionCheckpoint = route(
  checkpointRoutes.addSessionCheckpoint,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids, digest }) => {
    const { checkpointData: data, ...fields } = fromWire(body);
    if (Buffer.byteLength(JSON.stringify(data)) > CHECKPOINT_MAX_BYTES) {
      throw new Refusal('PAYLOAD_TOO_LARGE', `checkpoint_data has more than ${CHECKPOINT_MAX_BYTES} bytes`, {
        extras: { limit_bytes: CHECKPOINT_MAX_BYTES },
      });
    }
    const add = makeAddCheckpoint({ store: storeOf(tenantId), clock, ids, digest });
    const given = { data, ...fields };
    // without the data: the client has it, the record of the answer stays small, and a repeat gets the same bytes
    const answer = ({ data: _data, ...checkpoint }: Checkpoint) => ({
      body: presentCheckpoint(checkpoint),
      headers: { location: `/api/v1/sessions/${params.session_id}/checkpoints` },
    });
    return answer(await add({ sessionId: params.session_id, given, actor, ifVersion, remember: remember(answer) }));
  },
);
