import type { Evaluation } from '#domain/evaluation/evaluation';
import type { TrainingJob } from './training-job.ts';
import { recordTraining, type TrainingChange } from './transition.ts';

/** Announces what the comparison came to. The job moves on when its version is registered. */
export const announceEvaluation = (job: TrainingJob, evaluation: Evaluation, at: string): TrainingChange => {
  const { outcome, basis, verdict, candidate } = evaluation;
  const payload = { outcome, basis, ...(verdict ? { verdict } : {}), pairs: candidate.pairs };
  return { before: job, ...recordTraining({ ...job, outcome }, { type: 'training_job.evaluated', payload }, at) };
};
