import { NotFound } from '#domain/errors';
import type { Evaluation } from '#domain/evaluation/evaluation';
import type { TrainingStore } from './ports/training-store.ts';
import { readTraining } from './training-writes.ts';

/** How the model of a job compares with the one that it would replace. @throws NotFound, also before it was compared */
export const makeReadEvaluation =
  ({ store }: { store: TrainingStore }) =>
  async (jobId: string): Promise<Evaluation> => {
    const { live } = await readTraining(store, jobId);
    if (live.evaluation === undefined) throw new NotFound('evaluation');
    return live.evaluation;
  };
