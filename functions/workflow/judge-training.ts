import { makeJudgeTraining } from '#application/judge-training';
import { JobStepInput, type TrainingJudgedAnswer } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';

/** Judge Training */
export const handler = async (event: unknown): Promise<TrainingJudgedAnswer> => {
  const { tenant_id, job_id, attempt, run } = JobStepInput.parse(event);
  return { judged: await makeJudgeTraining({ store: ports().storeOf(tenant_id) })({ jobId: job_id, attempt, run }) };
};
