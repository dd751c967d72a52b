import { compare, type PairResult } from '#domain/evaluation/compare';
import type { Evaluation } from '#domain/evaluation/evaluation';
import { servingName } from '#domain/evaluation/gate-rules';
import { judgeGate } from '#domain/evaluation/judge-gate';
import { type TrainedComparison, textScoresOf } from '#domain/evaluation/trained-comparison';
import type { Evaluate } from './evaluate-model.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { TrainingOutputs } from './ports/training-outputs.ts';
import type { TrainingState } from './training-writes.ts';

/** An evaluation over pairs of results and what the training program measured. Without them nothing is claimed. */
export const evaluationOf = (
  { job, input, live }: TrainingState,
  results: readonly PairResult[],
  at: string,
  trained?: TrainedComparison,
): Evaluation => {
  const { gate } = input;
  const comparison = compare(results);
  const basis = job.simulated ? 'simulated' : 'text';
  const text = trained ? textScoresOf(trained) : { items: 0 };
  const candidateLoss = trained?.evalLoss.candidate ?? live.metrics?.evalLoss ?? null;
  const candidateAccuracy = trained?.accuracy.candidate ?? live.metrics?.accuracy ?? null;
  const baselineLoss = trained?.evalLoss.baseline ?? null;
  const judged = { basis, comparison, text, candidateLoss, baselineLoss, candidateAccuracy } as const;
  return {
    ...comparison,
    basis,
    simulated: job.simulated,
    ...judgeGate(gate, judged),
    candidate: {
      ...comparison.candidate,
      modelIdentifier: servingName(gate.servingModelIdentifier, job.modelVersion),
    },
    baseline: { ...comparison.baseline, modelIdentifier: gate.baselineModelIdentifier },
    notReplayed: {},
    text,
    at,
  };
};

export interface EvaluatePorts {
  readonly clock: Clock;
  /** Undefined where nothing but simulated trainings can have been done. */
  readonly outputsOf: (tenantId: string) => TrainingOutputs | undefined;
}

/**
 * Compares a trained model by what its training measured. Nothing that both models could be asked to do is known yet: no pair,
 * no verdict, and likeness of texts alone lets nothing pass.
 */
export const makeEvaluate =
  ({ clock, outputsOf }: EvaluatePorts): Evaluate =>
  async (state) => {
    const { tenantId, id: jobId, attempt, simulated } = state.job;
    const trained = simulated ? undefined : await outputsOf(tenantId)?.comparison({ jobId, attempt });
    return evaluationOf(state, [], isoNow(clock), trained);
  };
