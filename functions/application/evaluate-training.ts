import { compare } from '#domain/evaluation/compare';
import { type EvaluatedPair, type Evaluation, KEPT_PAIRS } from '#domain/evaluation/evaluation';
import { servingName } from '#domain/evaluation/gate-rules';
import { judgeGate } from '#domain/evaluation/judge-gate';
import { simulatedPair } from '#domain/evaluation/simulated-score';
import { type TrainedComparison, textScoresOf } from '#domain/evaluation/trained-comparison';
import { CHAMPION, versionAt } from '#domain/model/alias-stacks';
import type { ModelVersion } from '#domain/model/registered-model';
import { DEFAULT_SIMULATION, simulatedLosses } from '#domain/training-job/simulation';
import type { EvalItem } from './eval-items.ts';
import type { Evaluate } from './evaluate-model.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { ModelStore } from './ports/model-store.ts';
import type { TrainingOutputs } from './ports/training-outputs.ts';
import type { TrainingState } from './training-writes.ts';

/** What is known of both models. */
export interface Evidence {
  readonly pairs: readonly EvaluatedPair[];
  /** The version that the trained one would replace; undefined while the model has none. */
  readonly champion?: ModelVersion | undefined;
  /** What the training program measured of both. */
  readonly trained?: TrainedComparison | undefined;
  /** Where nobody measured it. */
  readonly baselineLoss?: number | undefined;
}

/** An evaluation over pairs of results and what the training program measured. Without them nothing is claimed. */
export const evaluationOf = (
  { job, input, live }: TrainingState,
  { pairs, champion, trained, baselineLoss }: Evidence,
  at: string,
): Evaluation => {
  const { gate } = input;
  const comparison = compare(pairs);
  const basis = job.simulated ? 'simulated' : 'text';
  const text = trained ? textScoresOf(trained) : { items: 0 };
  const judged = {
    basis,
    comparison,
    text,
    candidateLoss: trained?.evalLoss.candidate ?? live.metrics?.evalLoss ?? null,
    baselineLoss: trained?.evalLoss.baseline ?? baselineLoss ?? null,
    candidateAccuracy: trained?.accuracy.candidate ?? live.metrics?.accuracy ?? null,
  } as const;
  const candidateName = servingName(gate.servingModelIdentifier, job.modelVersion);
  const baselineName = champion?.servingModelIdentifier ?? gate.baselineModelIdentifier;
  return {
    ...comparison,
    basis,
    simulated: job.simulated,
    ...judgeGate(gate, judged),
    candidate: { ...comparison.candidate, modelIdentifier: candidateName },
    baseline: { ...comparison.baseline, modelIdentifier: baselineName },
    notReplayed: {},
    text,
    at,
  };
};

export interface EvaluatePorts {
  readonly store: Pick<ModelStore, 'findModel' | 'findModelVersion'>;
  readonly clock: Clock;
  readonly digest: Pick<Digest, 'sha256'>;
  /** Undefined where nothing but simulated trainings can have been done. */
  readonly outputsOf: (tenantId: string) => TrainingOutputs | undefined;
  /** The eval part of a dataset. */
  readonly evalItems: (datasetId: string) => Promise<readonly EvalItem[]>;
}

/** What a simulated model is compared with: the champion's loss, else that of the base model before any training. */
const simulatedBaseline = (
  { job, input, live }: TrainingState,
  champion: ModelVersion | undefined,
  { sha256 }: Pick<Digest, 'sha256'>,
): number | undefined => {
  if (champion?.metrics?.evalLoss !== undefined && champion.metrics.evalLoss !== null) return champion.metrics.evalLoss;
  if (live.dataset === undefined) return undefined;
  const { trainSamples, trainTokens, sha256: datasetSha256 } = live.dataset;
  const { baseModel } = job;
  // what forces the quality of the trained model says nothing of the one before it
  const simulation = { ...DEFAULT_SIMULATION, ...input.simulation, qualityShift: 0 };
  const training = { baseModel, parameters: input.parameters, simulation, trainSamples, trainTokens, datasetSha256 };
  return simulatedLosses(sha256, training, 0).evalLoss;
};

/**
 * Compares a trained model: a simulated one by its losses on the eval part of its dataset, which is said wherever it is shown; a
 * real one by what its training measured. Nobody has asked the real one to do anything yet: no pair, no verdict, and likeness of
 * texts alone lets nothing pass.
 */
export const makeEvaluate = ({ store, clock, digest, outputsOf, evalItems }: EvaluatePorts): Evaluate => {
  const championOf = async (modelName: string): Promise<ModelVersion | undefined> => {
    const model = await store.findModel(modelName);
    const version = model && versionAt(model.aliases, CHAMPION);
    return version === undefined ? undefined : store.findModelVersion(modelName, version);
  };

  const simulate = async (state: TrainingState, champion: ModelVersion | undefined): Promise<Evidence> => {
    const { datasetId } = state.job;
    const candidate = state.live.metrics?.evalLoss ?? undefined;
    const baseline = simulatedBaseline(state, champion, digest);
    if (datasetId === undefined || candidate === undefined || baseline === undefined) return { pairs: [], champion };
    const items = await evalItems(datasetId);
    const pairs = items.map(({ sessionId, contentHash }) => ({
      sessionId,
      candidateSessionId: null,
      baselineSessionId: null,
      ...simulatedPair(digest.sha256, contentHash, { candidate, baseline }),
    }));
    return { pairs, champion, baselineLoss: baseline };
  };

  return async (state) => {
    const { tenantId, id: jobId, attempt, simulated, targetModelName } = state.job;
    const champion = await championOf(targetModelName);
    const evidence = simulated
      ? await simulate(state, champion)
      : { pairs: [], champion, trained: await outputsOf(tenantId)?.comparison({ jobId, attempt }) };
    return { evaluation: evaluationOf(state, evidence, isoNow(clock)), pairs: evidence.pairs.slice(0, KEPT_PAIRS) };
  };
};
