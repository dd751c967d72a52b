import { makeJudgeEvaluation } from '#application/evaluate-model';
import { type EvaluationJudgedAnswer, JobStepInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';

/** Judge Evaluation */
export const handler = async (event: unknown): Promise<EvaluationJudgedAnswer> => {
  const { tenant_id, job_id, attempt, run } = JobStepInput.parse(event);
  const { storeOf, clock, ids } = ports();
  const judge = makeJudgeEvaluation({ store: storeOf(tenant_id), clock, ids });
  return { judged: await judge({ jobId: job_id, attempt, run }) };
};
