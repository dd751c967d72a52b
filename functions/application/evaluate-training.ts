import { compare } from '#domain/evaluation/compare';
import { type EvaluatedPair, type Evaluation, KEPT_PAIRS } from '#domain/evaluation/evaluation';
import { servingName } from '#domain/evaluation/gate-rules';
import { type Basis, judgeGate } from '#domain/evaluation/judge-gate';
import { isReplayOver, type Replay, replayResults } from '#domain/evaluation/replay';
import { simulatedPair } from '#domain/evaluation/simulated-score';
import { type TrainedComparison, textScoresOf } from '#domain/evaluation/trained-comparison';
import { CHAMPION, versionAt } from '#domain/model/alias-stacks';
import type { ModelVersion } from '#domain/model/registered-model';
import { DEFAULT_SIMULATION, simulatedLosses } from '#domain/training-job/simulation';
import type { EvalItem } from './eval-items.ts';
import type { Evaluate } from './evaluate-model.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { TrainingOutputs } from './ports/training-outputs.ts';
import { makeReplaySamples } from './replay-samples.ts';
import type { TrainingState } from './training-writes.ts';

/** What is known of both models. */
export interface Evidence {
  readonly pairs: readonly EvaluatedPair[];
  /** The version that the trained one would replace; undefined while the model has none. */
  readonly champion?: ModelVersion | undefined;
  /** Whether the pairs are of work that was really done. */
  readonly isReplayed?: boolean;
  readonly notReplayed?: Readonly<Record<string, number>>;
  /** Which models did it, whatever is the champion by now. */
  readonly models?: Replay['models'];
  /** What the training program measured of both. */
  readonly trained?: TrainedComparison | undefined;
  /** Where nobody measured it. */
  readonly baselineLoss?: number | undefined;
}

const basisOf = (simulated: boolean, isReplayed: boolean): Basis => {
  if (simulated) return 'simulated';
  return isReplayed ? 'replay' : 'text';
};

/** An evaluation over pairs of results and what the training program measured. Without them nothing is claimed. */
export const evaluationOf = (
  { job, input, live }: TrainingState,
  { pairs, champion, trained, baselineLoss, isReplayed = false, notReplayed = {}, models }: Evidence,
  at: string,
): Evaluation => {
  const { gate } = input;
  const comparison = compare(pairs);
  const basis = basisOf(job.simulated, isReplayed);
  const replayed = new Set(isReplayed ? pairs.map(({ sessionId }) => sessionId) : []);
  const text = trained ? textScoresOf(trained, (sessionId) => replayed.has(sessionId)) : { items: 0 };
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
    candidate: { ...comparison.candidate, modelIdentifier: models?.candidate ?? candidateName },
    baseline: { ...comparison.baseline, modelIdentifier: models?.baseline ?? baselineName },
    notReplayed,
    text,
    at,
  };
};

export interface EvaluatePorts {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
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

/** Under which names agents reach both models; undefined where one of them is not known. */
const servedModels = ({ job, input }: TrainingState, champion: ModelVersion | undefined) => {
  const candidate = servingName(input.gate.servingModelIdentifier, job.modelVersion);
  const baseline = champion?.servingModelIdentifier ?? input.gate.baselineModelIdentifier;
  return candidate !== null && baseline !== null ? { candidate, baseline } : undefined;
};

type Pairs = Pick<Evidence, 'pairs' | 'notReplayed' | 'isReplayed' | 'models' | 'baselineLoss'>;

/** A simulated model passes by its losses on the eval part of its dataset. */
const makeSimulate =
  ({ digest, evalItems }: Pick<EvaluatePorts, 'digest' | 'evalItems'>) =>
  async (state: TrainingState, champion: ModelVersion | undefined): Promise<Pairs> => {
    const { datasetId } = state.job;
    const candidate = state.live.metrics?.evalLoss ?? undefined;
    const baseline = simulatedBaseline(state, champion, digest);
    if (datasetId === undefined || candidate === undefined || baseline === undefined) return { pairs: [] };
    const items = await evalItems(datasetId);
    const pairs = items.map(({ sessionId, contentHash }) => ({
      sessionId,
      candidateSessionId: null,
      baselineSessionId: null,
      ...simulatedPair(digest.sha256, contentHash, { candidate, baseline }),
    }));
    return { pairs, baselineLoss: baseline };
  };

/** Held-out work that both models do once more; undefined while they are at it. */
const makeReplay = ({ store, clock, ids, evalItems }: EvaluatePorts) => {
  const replays = makeReplaySamples({ store, clock, ids });

  const begin = async (state: TrainingState, champion: ModelVersion | undefined) => {
    const { datasetId } = state.job;
    const models = servedModels(state, champion);
    const isWanted = models !== undefined && datasetId !== undefined && state.input.gate.replayItems > 0;
    return isWanted ? replays.begin(state, { models, items: await evalItems(datasetId) }) : undefined;
  };

  return async (state: TrainingState, champion: ModelVersion | undefined): Promise<Pairs | undefined> => {
    const { id, attempt } = state.job;
    const known = (await store.findReplay(id, attempt)) ?? (await begin(state, champion));
    if (known === undefined) return { pairs: [] };
    const replay = await replays.advance(state, known);
    if (!isReplayOver(replay)) return undefined;
    const { pairs, notReplayed } = replayResults(replay);
    return { pairs, notReplayed, isReplayed: pairs.length > 0, models: replay.models };
  };
};

/**
 * Compares a trained model. A simulated one by its losses, which is said wherever it is shown. A real one by held-out work, where
 * agents reach both models; that takes a while, and each look takes it further. What its training measured can only refuse it.
 */
export const makeEvaluate = (ports: EvaluatePorts): Evaluate => {
  const { store, clock, outputsOf } = ports;
  const [simulate, replay] = [makeSimulate(ports), makeReplay(ports)];

  const championOf = async (modelName: string): Promise<ModelVersion | undefined> => {
    const model = await store.findModel(modelName);
    const version = model && versionAt(model.aliases, CHAMPION);
    return version === undefined ? undefined : store.findModelVersion(modelName, version);
  };

  return async (state) => {
    const { tenantId, id: jobId, attempt, simulated, targetModelName } = state.job;
    const champion = await championOf(targetModelName);
    const done = simulated ? await simulate(state, champion) : await replay(state, champion);
    if (done === undefined) return undefined;
    const trained = simulated ? undefined : await outputsOf(tenantId)?.comparison({ jobId, attempt });
    const evaluation = evaluationOf(state, { ...done, champion, trained }, isoNow(clock));
    return { evaluation, pairs: done.pairs.slice(0, KEPT_PAIRS) };
  };
};
