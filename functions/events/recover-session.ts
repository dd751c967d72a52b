import { makeRecoverSession } from '#application/recover-session';
import { EndedExecution } from '#contracts/workflow';
import { logRecoveries } from '#runtime/log-recoveries';
import { ports } from '#runtime/ports';

/** An execution ended red: unless its session has ended with it, the next run goes on. */
export const handler = async (event: unknown): Promise<void> => {
  const { status, input } = EndedExecution.parse(event).detail;
  const { storeOf, clock, ids, environment } = ports();
  const recover = makeRecoverSession({ store: storeOf(input.tenant_id), clock, ids });
  const recovered = await recover({ sessionId: input.session_id, run: input.run });
  const lost = { recovered: Number(recovered === 'recovered'), orphaned: Number(recovered === 'orphaned') };
  logRecoveries(lost, environment.STAGE, { status, ...input });
};
