import { makeEvaluateModel } from '#application/evaluate-model';
import { makeEvaluate } from '#application/evaluate-training';
import { JobTokenInput } from '#contracts/training-workflow';
import { evalItemsOf } from '#runtime/eval-items';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';
import { trainingOutputsOf } from '#runtime/training-outputs';

/** Evaluate Model */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run, task_token } = JobTokenInput.parse(event);
  const { storeOf, clock, ids, digest } = ports();
  const store = storeOf(tenant_id);
  const evaluate = makeEvaluate({
    store,
    clock,
    ids,
    digest,
    outputsOf: trainingOutputsOf,
    evalItems: (datasetId) => evalItemsOf(tenant_id)(datasetId),
  });
  const evaluateModel = makeEvaluateModel({ store, tokens: tokens(), clock, ids, evaluate });
  await evaluateModel({ jobId: job_id, attempt, run, taskToken: task_token });
};
