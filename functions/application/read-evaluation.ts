import { NotFound } from '#domain/errors';
import type { EvaluatedPair, Evaluation } from '#domain/evaluation/evaluation';
import type { TrainingStore } from './ports/training-store.ts';
import { readTraining } from './training-writes.ts';

/** How the model of a job compares with the one that it would replace, and the first pairs that say so. @throws NotFound, also before it was compared */
export const makeReadEvaluation =
  ({ store }: { store: TrainingStore }) =>
  async (jobId: string): Promise<Evaluation & { readonly pairs: readonly EvaluatedPair[] }> => {
    const { live } = await readTraining(store, jobId);
    if (live.evaluation === undefined) throw new NotFound('evaluation');
    return { ...live.evaluation, pairs: await store.findEvaluatedPairs(jobId, live.attempt) };
  };
