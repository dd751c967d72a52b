import { compare, type PairResult } from '#domain/evaluation/compare';
import type { Evaluation } from '#domain/evaluation/evaluation';
import { servingName } from '#domain/evaluation/gate-rules';
import { judgeGate } from '#domain/evaluation/judge-gate';
import type { Evaluate } from './evaluate-model.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { TrainingState } from './training-writes.ts';

/** An evaluation over pairs of results. Without one nothing is claimed. */
export const evaluationOf = (
  { job, input, live }: TrainingState,
  results: readonly PairResult[],
  at: string,
): Evaluation => {
  const { gate } = input;
  const comparison = compare(results);
  const basis = job.simulated ? 'simulated' : 'text';
  const text = { items: 0 };
  const { metrics } = live;
  const candidateLoss = metrics?.evalLoss ?? null;
  const judged = { basis, comparison, text, candidateLoss, baselineLoss: null } as const;
  return {
    ...comparison,
    basis,
    simulated: job.simulated,
    ...judgeGate(gate, { ...judged, candidateAccuracy: metrics?.accuracy ?? null }),
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

/** Compares a trained model. Nothing that both models could be asked about is known yet: no pair, no verdict. */
export const makeEvaluate =
  ({ clock }: { clock: Clock }): Evaluate =>
  async (state) =>
    evaluationOf(state, [], isoNow(clock));
