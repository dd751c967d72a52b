import type { EvaluatedPair, Evaluation } from '#domain/evaluation/evaluation';
import { announceEvaluation } from '#domain/training-job/announce-evaluation';
import { drives } from '#domain/training-job/driver';
import { moveTraining } from '#domain/training-job/transition';
import type { TrainingStep } from './estimate-cost.ts';
import { makeAwaitJob } from './job-wait.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { UnreadableOutput } from './ports/training-outputs.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, readTraining, type TrainingState, trainingWrites } from './training-writes.ts';

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

interface EvaluationPorts {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly evaluate: Evaluate;
}

/** What no repeat cures is an outcome. @throws what one may cure */
const unreadable = (error: unknown): UnreadableOutput => {
  if (error instanceof UnreadableOutput) return error;
  throw error;
};

/**
 * Takes the comparison of an attempt's model further, and keeps the evaluation once there is one. A job whose training left what
 * nobody can read fails.
 */
export const makeContinueEvaluation =
  ({ store, clock, ids, evaluate }: EvaluationPorts) =>
  async ({ jobId, attempt }: Pick<TrainingStep, 'jobId' | 'attempt'>): Promise<void> => {
    const state = await readTraining(store, jobId);
    const { job, live } = state;
    if (job.attempt !== attempt || job.status !== 'evaluating' || live.evaluatedAt !== undefined) return;
    const evaluated = await evaluate(state).catch(unreadable);
    if (evaluated === undefined) return;
    if (evaluated instanceof UnreadableOutput) {
      const error = { code: 'EVALUATION_FAILED', message: evaluated.message };
      const change = moveTraining(job, { to: 'failed', at: isoNow(clock), error });
      await store.commit(await changeWrites({ store, ids }, live, { change, live }));
      return;
    }
    const { evaluation, pairs } = evaluated;
    await store.commit([
      { kind: 'training-live', before: live, after: { ...live, evaluation, evaluatedAt: evaluation.at } },
      ...(pairs.length === 0 ? [] : [{ kind: 'evaluated-pairs', jobId, attempt, pairs } as const]),
    ]);
  };

/** Evaluate Model: begins the comparison, and waits until it has come to an outcome. */
export const makeEvaluateModel = ({ tokens, ...ports }: EvaluationPorts & { readonly tokens: TaskTokens }) => {
  const { store, clock } = ports;
  const begin = makeContinueEvaluation(ports);

  return async ({ taskToken, ...step }: TrainingStep & { taskToken: string }): Promise<void> => {
    await retryConflict(clock, () => begin(step));
    await makeAwaitJob({ store, tokens, clock })({ ...step, state: 'evaluate-model', taskToken });
  };
};

/** What the machine does next: register the model, wait for the comparison again, or leave it to somebody else. */
export type EvaluationJudged = 'register' | 'open' | 'failed' | 'elsewhere';

/** Judge: announces what the comparison came to, once. */
export const makeJudgeEvaluation = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async (step: TrainingStep): Promise<EvaluationJudged> => {
    const { job, live } = await readTraining(store, step.jobId);
    if (!drives(step, job) || job.status !== 'evaluating') return job.status === 'failed' ? 'failed' : 'elsewhere';
    if (live.evaluation === undefined) return 'open';
    if (job.outcome === undefined)
      await store.commit(trainingWrites(announceEvaluation(job, live.evaluation, isoNow(clock)), ids));
    return 'register';
  };
  return (step: TrainingStep): Promise<EvaluationJudged> => retryConflict(clock, () => decide(step));
};
