import { type Granted, makeClaimAssignments } from '#application/claim-assignments';
import { isoNow } from '#application/ports/clock';
import { agentRoutes } from '#contracts/agent-routes';
import { Assignment } from '#contracts/assignment';
import { Refusal } from '#runtime/http/refusal';
import { type RestoreSecret, route } from '#runtime/http/route-handler';
import { presentAssignment, presentInput } from './assignment-view.ts';

/** The least of a workspace that can name the base commit of this grant; a later report might name another one. */
const onlyBase = ({ input: { workspace }, baseCommit }: Granted) =>
  workspace && baseCommit !== undefined ? { ...workspace, setup: [], verify: [] } : undefined;

/** What is remembered of a claim: all but what was asked for and the checkpoint's data, which are stored already and may be large. */
const withoutData = (granted: Granted): Granted => ({
  ...granted,
  input: { ...granted.input, prompt: '', additionalPrompt: undefined, workspace: onlyBase(granted) },
  checkpoint: granted.checkpoint && { ...granted.checkpoint, data: '{}' },
});

/** Puts it back into a repeated answer. */
const restoreData: RestoreSecret = async (body, tenantId, { storeOf }) => {
  const answer = JSON.parse(body) as { assignments: Assignment[] };
  const store = storeOf(tenantId);
  const assignments = await Promise.all(
    answer.assignments.map(async (assignment) => {
      const { checkpoint, session_id, input_data } = assignment;
      const [input, found] = await Promise.all([
        store.findInput(session_id),
        checkpoint ? store.findCheckpoint(session_id, checkpoint.sequence) : undefined,
      ]);
      return {
        ...assignment,
        ...(input
          ? { input_data: Assignment.shape.input_data.parse(presentInput(input, input_data.workspace?.base_commit)) }
          : {}),
        ...(found ? { checkpoint: { ...checkpoint, data: JSON.parse(found.data) as unknown } } : {}),
      };
    }),
  );
  return JSON.stringify({ ...answer, assignments });
};

/** Encoded twice, as the platform carries it: a text of quotes grows each time. */
const encodedBytes = (granted: Granted): number =>
  Buffer.byteLength(JSON.stringify(JSON.stringify(presentAssignment(granted))));

/** POST /agents/external/{agent_id}/assignments/claim */
export const eapClaim = route(
  agentRoutes.eapClaim,
  async ({ params, body, tenantId, remember, isAnswered }, { storeOf, clock, ids, environment }) => {
    const { AGENT_POLL_SECONDS: busySeconds, AGENT_IDLE_POLL_SECONDS: idleSeconds, LEASE_SECONDS } = environment;
    const poll = { busySeconds, idleSeconds };
    const leaseSeconds = body.lease_seconds ?? LEASE_SECONDS;
    const answer = (granted: readonly Granted[], pollAfterSeconds: number, reason?: string) => ({
      body: {
        assignments: granted.map(presentAssignment),
        server_time: isoNow(clock),
        poll_after_seconds: pollAfterSeconds,
        ...(reason ? { reason } : {}),
      },
    });
    const rememberOne = remember((granted: Granted) => answer([withoutData(granted)], busySeconds));
    const claimed = await makeClaimAssignments({ store: storeOf(tenantId), clock, ids })({
      agentId: params.agent_id,
      // one transaction grants one assignment, and a repeated claim must find all it was granted
      maxAssignments: rememberOne ? 1 : body.max_assignments,
      leaseSeconds,
      poll,
      remember: rememberOne,
      sizeOf: encodedBytes,
    });
    // the same claim, sent at the same time, may have been granted what this one looked at
    if (rememberOne && claimed.granted.length === 0 && (await isAnswered())) {
      throw new Refusal('CONCURRENT_UPDATE', 'the same claim was granted at the same time');
    }
    return answer(claimed.granted, claimed.pollAfterSeconds, claimed.reason);
  },
  restoreData,
);
