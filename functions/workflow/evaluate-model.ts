import { makeEvaluateModel } from '#application/evaluate-model';
import { makeEvaluate } from '#application/evaluate-training';
import { JobTokenInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';
import { trainingOutputsOf } from '#runtime/training-outputs';

/** Evaluate Model */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, task_token } = JobTokenInput.parse(event);
  const { storeOf, clock } = ports();
  const shared = { store: storeOf(tenant_id), tokens: tokens(), clock };
  const evaluate = makeEvaluateModel({ ...shared, evaluate: makeEvaluate({ clock, outputsOf: trainingOutputsOf }) });
  await evaluate({ jobId: job_id, attempt, taskToken: task_token });
};
