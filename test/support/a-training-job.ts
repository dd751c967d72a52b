import type { CreateTrainingJobInput } from '#application/create-training-job';
import { NO_COUNTS } from '#domain/dataset/dataset';
import { DEFAULT_GATE, type GateRules } from '#domain/evaluation/gate-rules';
import { createTrainingJob } from '#domain/training-job/create-job';
import { DEFAULT_INSTANCE_TYPE, DEFAULT_PARAMETERS } from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION, type Simulation } from '#domain/training-job/simulation';
import type { TrainingInput, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { NOON } from './a-session.ts';

/** What a client sends when it leaves the rest to the defaults. */
export const aTrainingInput = ({
  gate,
  simulation,
  ...fields
}: Partial<Omit<TrainingInput, 'gate' | 'simulation'>> & {
  gate?: Partial<GateRules>;
  simulation?: Partial<Simulation>;
} = {}): TrainingInput => ({
  parameters: DEFAULT_PARAMETERS,
  compute: {
    instanceType: DEFAULT_INSTANCE_TYPE,
    instanceCount: 1,
    useSpot: true,
    maxRuntimeSeconds: 14_400,
    maxWaitSeconds: 28_800,
  },
  gate: { ...DEFAULT_GATE, ...gate },
  simulation: { ...DEFAULT_SIMULATION, ...simulation },
  metadata: {},
  ...fields,
});

export const aNewTraining = (fields: Partial<CreateTrainingJobInput> = {}): CreateTrainingJobInput => ({
  fields: { baseModel: 'acme/base-7b', targetModelName: 'shop-coder', provider: 'simulated' },
  version: { bump: 'patch' },
  input: aTrainingInput(),
  autoStart: false,
  actor: { kind: 'user', id: 'USER' },
  ...fields,
});

/** A job whose simulation behaves so. */
export const simulatedAs = (simulation: Partial<Simulation>): Partial<CreateTrainingJobInput> => ({
  input: aTrainingInput({ simulation }),
});

/** A job whose model is not compared. */
export const NO_GATE: Partial<CreateTrainingJobInput> = { input: aTrainingInput({ gate: { enabled: false } }) };

/** Counts of a dataset without a sample. */
export const anEmpty = NO_COUNTS;

const named = { baseModel: 'b', targetModelName: 'm', modelVersion: '1.0.0', datasetId: 'D', createdBy: 'U' };

/** A job under way on SageMaker, as it stands at noon. */
export const aStandingTraining = (fields: Partial<TrainingJob> = {}) => {
  const { after } = createTrainingJob(
    { ...named, tenantId: 'A', id: 'JOB', provider: 'sagemaker', isGated: true },
    NOON,
  );
  const prices = { usdPerHour: 1.5, tokensPerSecond: 1500, startupSeconds: 240, uploadSeconds: 120, spotFactor: 0.4 };
  const figures = { tokens: 1, seconds: 1, expectedUsd: 1, maxUsd: 6, evaluationMaxUsd: 0 };
  const estimate = { ...figures, priceTableVersion: 'p', asOf: 'd', prices, simulated: false };
  const job: TrainingJob = { ...after, status: 'queued', ...fields };
  const live: TrainingLive = { jobId: 'JOB', attempt: 1, estimate, externalJobId: 'x', revision: 1 };
  return { job, input: aTrainingInput(), live };
};
