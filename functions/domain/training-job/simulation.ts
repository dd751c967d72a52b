import { firstBytesOf, type Sha256 } from '#domain/sha256';
import type { TrainingParameters } from './parameters.ts';

/** How a simulated training behaves. */
export interface Simulation {
  readonly queueSeconds: number;
  /** How long it trains; null leaves it to the number of steps. */
  readonly trainSeconds: number | null;
  readonly failAtProgress: number | null;
  readonly failCode: string;
  /** Added to every loss. */
  readonly qualityShift: number;
}

export const DEFAULT_SIMULATION: Simulation = {
  queueSeconds: 5,
  trainSeconds: null,
  failAtProgress: null,
  failCode: 'SIMULATED_FAILURE',
  qualityShift: 0,
};

/** What the curve of a simulated training depends on. */
export interface SimulatedTraining {
  readonly baseModel: string;
  readonly parameters: TrainingParameters;
  readonly simulation: Simulation;
  readonly trainSamples: number;
  readonly trainTokens: number;
  /** Of the dataset, in hex. */
  readonly datasetSha256: string;
}

const UINT32 = 2 ** 32;

/** A number from 0 up to 1 that a text stands for. */
export const unitOf = (sha256: Sha256, text: string): number => firstBytesOf(sha256, text) / UINT32;

const DECIMALS = 10_000;
/** To four decimals, halves up. */
export const roundTo4 = (value: number): number => Math.floor(DECIMALS * value + 0.5) / DECIMALS;

const EXTERNAL_ID_LETTERS = 16;
/** The provider's name for an attempt of a job. */
export const simulatedId = (sha256: Sha256, jobId: string, attempt: number): string =>
  `sim-${sha256(`${jobId}|${attempt}`).slice(0, EXTERNAL_ID_LETTERS)}`;

/** The curve before its noise. */
export const simulatedCurve = (sha256: Sha256, training: SimulatedTraining) => {
  const { baseModel, parameters, trainSamples } = training;
  const { method, epochs, learningRate, batchSize, gradientAccumulationSteps, loraRank } = parameters;
  const stepsPerEpoch = Math.ceil(trainSamples / (batchSize * gradientAccumulationSteps));
  const startLoss = 2 + 0.5 * unitOf(sha256, `base|${baseModel}`);
  const capacity = Math.min(1, Math.log2(1 + loraRank) / 6);
  const data = Math.min(1, (trainSamples / 1000) ** 0.25);
  const rate = Math.exp(-2 * Math.log10(learningRate / 2e-4) ** 2);
  const floor = startLoss * (0.7 - 0.25 * capacity - 0.2 * data) + (method === 'qlora' ? 0.02 : 0);
  const decay = 0.25 + 1.5 * rate;
  const clean = (step: number) => floor + (startLoss - floor) * Math.exp((-decay * step) / stepsPerEpoch);
  return { stepsPerEpoch, totalSteps: stepsPerEpoch * epochs, startLoss, capacity, data, rate, floor, decay, clean };
};

/** Losses and accuracy after a step. */
export const simulatedLosses = (sha256: Sha256, training: SimulatedTraining, step: number) => {
  const { stepsPerEpoch, data, clean } = simulatedCurve(sha256, training);
  const { parameters, simulation, datasetSha256 } = training;
  const noise = (kind: string) => 2 * unitOf(sha256, `${parameters.seed}|${datasetSha256}|${kind}|${step}`) - 1;
  const base = clean(step) + simulation.qualityShift;
  const beyond = Math.max(0, step / stepsPerEpoch - 3) ** 2;
  const trainLoss = roundTo4(base + 0.03 * noise('train'));
  const evalLoss = roundTo4(base + 0.05 * (2 - data) + 0.004 * beyond * (2 - data) + 0.01 * noise('eval'));
  return { trainLoss, evalLoss, accuracy: roundTo4(1 / (1 + 0.5 * evalLoss)) };
};

const LONGEST_SECONDS = 600;
const SHORTEST_SECONDS = 20;
const STEPS_PER_SECOND = 5;

const durationOf = ({ trainSeconds }: Simulation, totalSteps: number) =>
  trainSeconds ?? Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, Math.ceil(totalSteps / STEPS_PER_SECOND)));

/** Where a simulated training stands. */
export interface SimulatedState {
  readonly status: 'queued' | 'running' | 'completed' | 'failed';
  readonly progress: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly tokensProcessed: number;
  readonly durationSeconds: number;
}

/** Where a training stands so many seconds after its start. It knows no clock and no state, so it always says the same. */
export const simulatedState = (sha256: Sha256, training: SimulatedTraining, elapsedSeconds: number): SimulatedState => {
  const { simulation, trainTokens, parameters } = training;
  const { totalSteps } = simulatedCurve(sha256, training);
  const durationSeconds = durationOf(simulation, totalSteps);
  const reached = Math.min(1, Math.max(0, (elapsedSeconds - simulation.queueSeconds) / durationSeconds));
  const { failAtProgress } = simulation;
  const hasFailed = failAtProgress !== null && elapsedSeconds >= simulation.queueSeconds && reached >= failAtProgress;
  const progress = hasFailed ? failAtProgress : reached;
  const step = Math.floor(progress * totalSteps);
  const tokensProcessed = Math.floor((trainTokens * parameters.epochs * step) / totalSteps);
  const place = { progress, step, totalSteps, tokensProcessed, durationSeconds };
  if (hasFailed) return { status: 'failed', ...place };
  if (elapsedSeconds < simulation.queueSeconds) return { status: 'queued', ...place };
  return { status: progress < 1 ? 'running' : 'completed', ...place };
};

const PERCENT = 100;

/** Steps at which a simulated training says how it stands: the first of each percent, up to the step it is at. */
export const reportedSteps = ({ step, totalSteps }: Pick<SimulatedState, 'step' | 'totalSteps'>): readonly number[] => {
  const firsts = Array.from({ length: PERCENT + 1 }, (_, percent) => Math.ceil((percent * totalSteps) / PERCENT));
  return [...new Set([...firsts.filter((first) => first <= step), step])];
};
