import { type AgentCalls, isAssignmentLost, isPassing, type Result } from './control-plane.ts';
import { pause } from './pause.ts';

/** A result to hand over. */
export interface ResultToSubmit {
  readonly calls: Pick<AgentCalls, 'submitResult'>;
  readonly assignmentId: string;
  readonly result: Result;
  readonly log: (line: string) => void;
}

const patienceMs = 120_000;

/**
 * Hands the result over, again and again while nobody answers, for two minutes at most. When the control plane does not
 * take it as it is, a failed result goes in its place, so that the assignment does not wait for its lease to run out.
 */
export async function submitResult(order: ResultToSubmit): Promise<void> {
  const refusal = await deliver(order);
  if (refusal === undefined) return;
  // a file that storage does not have costs the file, not the work
  if (order.result.artifacts?.length) return submitResult({ ...order, result: { ...order.result, artifacts: [] } });
  const { task_id, fencing_token } = order.result;
  const error_message = `the control plane refused the runner's result: ${refusal}`.slice(0, 2_000);
  const result = {
    task_id,
    fencing_token,
    status: 'failed',
    error_code: 'AGENT_EXECUTION_FAILED',
    error_message,
  } as const;
  await deliver({ ...order, result });
}

/** Returns why the result was refused; undefined when it was taken or nobody wants it any more. */
async function deliver({ calls, assignmentId, result, log }: ResultToSubmit): Promise<string | undefined> {
  const giveUpAt = performance.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    const error = await calls.submitResult(assignmentId, result).then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    if (!error) return undefined;
    const isOver = isAssignmentLost(error) || performance.now() > giveUpAt;
    if (isOver || !isPassing(error)) log(`the result of assignment ${assignmentId} was not taken: ${error.message}`);
    if (isOver) return undefined;
    if (!isPassing(error)) return error.message;
    await pause(Math.min(5_000, 250 * 2 ** failures));
  }
}
