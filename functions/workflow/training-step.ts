import { TrainingStepName } from '#contracts/training-workflow';
import { handler as claimTrainingSlot } from './claim-training-slot.ts';
import { handler as curateDataset } from './curate-dataset.ts';
import { handler as estimateCost } from './estimate-cost.ts';
import { handler as evaluateModel } from './evaluate-model.ts';
import { handler as judgeEvaluation } from './judge-evaluation.ts';
import { handler as judgeTraining } from './judge-training.ts';
import { handler as registerModel } from './register-model.ts';

const steps: Readonly<Record<TrainingStepName['step'], (event: unknown) => Promise<unknown>>> = {
  'curate-dataset': curateDataset,
  'estimate-cost': estimateCost,
  'claim-training-slot': claimTrainingSlot,
  'judge-training': judgeTraining,
  'evaluate-model': evaluateModel,
  'judge-evaluation': judgeEvaluation,
  'register-model': registerModel,
};

/** Every step of a training job that needs the table only: seldom called, they share one function and its alarms. */
export const handler = async (event: unknown): Promise<unknown> => steps[TrainingStepName.parse(event).step](event);
