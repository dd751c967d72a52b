import { makeRecordOutcome } from '#application/record-outcome';
import { OutcomeStepInput, type RecordedAnswer } from '#contracts/workflow';
import { ports } from '#runtime/ports';

const SUCCESS: readonly string[] = ['completed', 'partially_completed'];

/** Record Outcome */
export const handler = async (event: unknown): Promise<RecordedAnswer> => {
  const { tenant_id, session_id, run, failure } = OutcomeStepInput.parse(event);
  const { storeOf, clock, ids } = ports();
  const record = makeRecordOutcome({ store: storeOf(tenant_id), clock, ids });
  const { status, code, message } = await record({ sessionId: session_id, run, failure });
  return {
    status,
    success: SUCCESS.includes(status),
    error: code ?? status,
    cause: message ?? `the session is ${status}`,
  };
};
