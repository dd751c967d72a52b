import { makeClaimTrainingSlot } from '#application/claim-training-slot';
import { makeEstimateCost } from '#application/estimate-cost';
import { type Evaluate, makeEvaluateModel, makeJudgeEvaluation } from '#application/evaluate-model';
import { makeAwaitJob } from '#application/job-wait';
import { makeJudgeTraining } from '#application/judge-training';
import { makeRegisterModel } from '#application/register-model';
import { makeSettleTraining } from '#application/settle-training';
import { makeTrainModel } from '#application/train-model';
import type { ProviderStepName, TrainingStepName } from '#contracts/training-workflow';
import type { BrokenStep } from '#domain/broken-step';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import type { TrainingWorld } from '#test/support/training-world';

type StepName = (TrainingStepName | ProviderStepName)['step'];

interface Payload {
  readonly step: StepName;
  readonly job_id: string;
  readonly attempt: number;
  readonly task_token?: string;
  readonly failure?: BrokenStep;
}

interface Step {
  readonly jobId: string;
  readonly attempt: number;
  readonly taskToken: string;
  readonly failure: BrokenStep | undefined;
}

/** What the functions of the fine-tuning machine do, by the names that its states have for it. */
export const trainingSteps = ({
  evaluate,
  ...world
}: Pick<TrainingWorld, 'store' | 'clock' | 'ids' | 'tokens' | 'providers'> & { readonly evaluate: Evaluate }) => {
  const steps: Readonly<Record<StepName, (step: Step) => Promise<unknown>>> = {
    'curate-dataset': (step) => makeAwaitJob(world)({ ...step, state: 'curate-dataset' }),
    'estimate-cost': makeEstimateCost({ ...world, prices: STAGE_PRICES }),
    'claim-training-slot': makeClaimTrainingSlot(world),
    'train-model': makeTrainModel(world),
    'judge-training': async (step) => ({ judged: await makeJudgeTraining(world)(step) }),
    'evaluate-model': makeEvaluateModel({ ...world, evaluate }),
    'judge-evaluation': async (step) => ({ judged: await makeJudgeEvaluation(world)(step) }),
    'register-model': makeRegisterModel(world),
    'settle-training': async (step) => {
      const { status, code, message } = await makeSettleTraining(world)(step);
      return { status, error: code ?? status, cause: message ?? status };
    },
  };
  return (event: unknown): Promise<unknown> => {
    const { step, job_id: jobId, attempt, task_token: taskToken = '', failure } = event as Payload;
    return steps[step]({ jobId, attempt, taskToken, failure });
  };
};
