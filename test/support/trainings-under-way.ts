import type { TenantStore } from '#application/ports/tenant-store';
import { TRAINING_GATE } from '#application/training-slot';
import { claimWrite } from '#application/training-writes';
import { emptyGate, enter } from '#domain/gate/gate';
import { createTrainingJob } from '#domain/training-job/create-job';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { firstUlidOf } from '#domain/ulid';
import { aTrainingInput } from './a-training-job.ts';

const A_DAY_MS = 86_400_000;
/** As long as the ones of Step Functions may be expected to be. */
const TOKEN_LENGTH = 1000;

/** The id of the job with this number. */
export const trainingId = (index: number): string => firstUlidOf(index * A_DAY_MS);

export interface UnderWay {
  readonly count: number;
  /** Jobs are theirs in turn. */
  readonly tenants: readonly string[];
  /** When all of them are due to be looked at. */
  readonly at: string;
  readonly status?: 'queued' | 'running';
}

const jobOf = (index: number, { tenants, at, status = 'queued' }: UnderWay): TrainingJob => {
  const { after } = createTrainingJob(
    {
      tenantId: tenants[index % tenants.length] as string,
      id: trainingId(index),
      baseModel: 'mistralai/Mistral-7B-v0.1',
      targetModelName: 'shop-coder',
      modelVersion: `1.0.${index}`,
      datasetId: trainingId(0),
      provider: 'simulated',
      isGated: true,
      createdBy: trainingId(1),
    },
    at,
  );
  return { ...after, status, ...(status === 'running' ? { startedAt: at } : {}) };
};

const liveOf = ({ id }: TrainingJob, at: string): TrainingLive => ({
  jobId: id,
  attempt: 1,
  estimate: {
    ...{
      tokens: 1_620_000,
      seconds: 1440,
      expectedUsd: 0.24,
      maxUsd: 6,
      evaluationMaxUsd: 20,
      priceTableVersion: '2026-11',
      asOf: at,
    },
    prices: { usdPerHour: 1.5, tokensPerSecond: 1500, startupSeconds: 240, uploadSeconds: 120, spotFactor: 0.4 },
    simulated: true,
  },
  dataset: { sha256: 'd'.repeat(64), trainSamples: 450, evalSamples: 50, trainTokens: 540_000 },
  place: { adjustedMs: Date.parse(at), ticket: id, since: at },
  submittingAt: at,
  externalJobId: `iorch-prod-${id.toLowerCase()}-a1`,
  submittedAt: at,
  phase: 'training',
  progress: 0.01,
  step: 3,
  totalSteps: 339,
  lastPointStep: 3,
  dueAt: at,
  revision: 0,
});

/** Trainings that a provider has, all of them due, each with a driver that waits and a slot in the gate of its tenant. */
export const storeTrainingsUnderWay = async (
  storeOf: (tenantId: string) => TenantStore,
  underWay: UnderWay,
): Promise<readonly TrainingJob[]> => {
  const { count, tenants, at } = underWay;
  const jobs = Array.from({ length: count }, (_, index) => jobOf(index, underWay));
  for (const tenantId of tenants)
    await storeOf(tenantId).commit([{ kind: 'gate', before: null, after: emptyGate(TRAINING_GATE, count, 1000) }]);
  for (const job of jobs) {
    const store = storeOf(job.tenantId);
    const gate = await store.findGate(TRAINING_GATE);
    if (gate === undefined) throw new Error('the tenant has no gate');
    const { after, addHolder: holder } = enter(gate, { owner: job.id, adjustedMs: 0, ticket: job.id, since: at });
    if (holder === undefined) throw new Error('the gate is full');
    const wait = { jobId: job.id, attempt: 1, taskToken: job.id.padEnd(TOKEN_LENGTH, '.'), since: at } as const;
    await store.commit([
      { kind: 'training-job', before: null, after: job },
      { kind: 'training-input', jobId: job.id, input: aTrainingInput() },
      { kind: 'training-live', before: null, after: liveOf(job, at) },
      claimWrite(job),
      { kind: 'gate', before: gate, after },
      { kind: 'holder-added', gate: TRAINING_GATE, holder },
    ]);
    await store.putJobWait({ ...wait, state: 'train-model' });
  }
  return jobs;
};
