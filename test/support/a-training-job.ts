import type { CreateTrainingJobInput } from '#application/create-training-job';
import { NO_COUNTS } from '#domain/dataset/dataset';
import { DEFAULT_GATE, type GateRules } from '#domain/evaluation/gate-rules';
import { DEFAULT_INSTANCE_TYPE, DEFAULT_PARAMETERS } from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION, type Simulation } from '#domain/training-job/simulation';
import type { TrainingInput } from '#domain/training-job/training-job';

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
