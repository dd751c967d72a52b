import type { EvaluatedPair, Evaluation } from '#domain/evaluation/evaluation';
import { announceEvaluation } from '#domain/training-job/announce-evaluation';
import type { TrainingStep } from './estimate-cost.ts';
import { makeAwaitJob } from './job-wait.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { readTraining, type TrainingState, trainingWrites } from './training-writes.ts';

/** An outcome, and pairs of results that led to it. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly pairs: readonly EvaluatedPair[];
}

/**
 * Compares a trained model with the one that it would replace. Undefined while that goes on: whoever ends it stores the
 * evaluation and wakes the job.
 */
export type Evaluate = (state: TrainingState) => Promise<Evaluated | undefined>;

/** Takes the comparison of an attempt's model further, and keeps the evaluation once there is one. */
export const makeContinueEvaluation =
  ({ store, evaluate }: { store: TenantStore; evaluate: Evaluate }) =>
  async ({ jobId, attempt }: TrainingStep): Promise<void> => {
    const state = await readTraining(store, jobId);
    const { job, live } = state;
    if (job.attempt !== attempt || job.status !== 'evaluating' || live.evaluatedAt !== undefined) return;
    const evaluated = await evaluate(state);
    if (evaluated === undefined) return;
    const { evaluation, pairs } = evaluated;
    await store.commit([
      { kind: 'training-live', before: live, after: { ...live, evaluation, evaluatedAt: evaluation.at } },
      ...(pairs.length === 0 ? [] : [{ kind: 'evaluated-pairs', jobId, attempt, pairs } as const]),
    ]);
  };

/** Evaluate Model: begins the comparison, and waits until it has come to an outcome. */
export const makeEvaluateModel = ({
  store,
  evaluate,
  tokens,
  clock,
}: {
  store: TenantStore;
  evaluate: Evaluate;
  tokens: TaskTokens;
  clock: Clock;
}) => {
  const begin = makeContinueEvaluation({ store, evaluate });

  return async ({ taskToken, ...step }: TrainingStep & { taskToken: string }): Promise<void> => {
    await retryConflict(clock, () => begin(step));
    await makeAwaitJob({ store, tokens, clock })({ ...step, state: 'evaluate-model', taskToken });
  };
};

/** What the machine does next: register the model, wait for the comparison again, or leave it to somebody else. */
export type EvaluationJudged = 'register' | 'open' | 'failed' | 'elsewhere';

/** Judge: announces what the comparison came to, once. */
export const makeJudgeEvaluation = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ jobId, attempt }: TrainingStep): Promise<EvaluationJudged> => {
    const { job, live } = await readTraining(store, jobId);
    if (job.attempt !== attempt || job.status !== 'evaluating') return job.status === 'failed' ? 'failed' : 'elsewhere';
    if (live.evaluation === undefined) return 'open';
    if (job.outcome === undefined)
      await store.commit(trainingWrites(announceEvaluation(job, live.evaluation, isoNow(clock)), ids));
    return 'register';
  };
  return (step: TrainingStep): Promise<EvaluationJudged> => retryConflict(clock, () => decide(step));
};
