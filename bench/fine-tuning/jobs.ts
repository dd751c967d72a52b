import { SESSIONS_GATE } from '#application/session-slot';
import { type Consumption, sumOf } from '#bench/units/meter';
import type { GateRules } from '#domain/evaluation/gate-rules';
import { emptyGate } from '#domain/gate/gate';
import { LOOK_SECONDS } from '#domain/training-job/deadline';
import type { TrainingStatus } from '#domain/training-job/status';
import type { TrainingInput, TrainingJob } from '#domain/training-job/training-job';
import { aSession, aSessionInput, aWorkspace } from '#test/support/a-session';
import { aNewTraining, aTrainingInput } from '#test/support/a-training-job';
import { aResult } from '#test/support/a-work-item';
import type { LocalDynamo } from '#test/support/dynamodb';
import { DATASET, type Measured, type MeasuredTraining, measuredTraining, TENANT } from './world.ts';

/** What the clock's looks at a job come to, where its status stays. */
export const QUIET_LOOK = 'tick, one job under way (nothing new)';
export const LOOK_WITH_A_POINT = 'tick, one job under way (a new point)';
const NO_LOOK = 'tick (nothing is due)';

/** What one attempt of a job consumed, from its request to its end, beside the looks of the clock at it. */
export interface MeasuredJob extends Consumption {
  /** As Step Functions bills them. */
  readonly transitions: number;
}

interface Done extends MeasuredJob {
  readonly states: readonly string[];
  readonly sequence: readonly Measured[];
}

const statusOf = async ({ store }: MeasuredTraining, { id }: TrainingJob) => (await store.getTrainingJob(id)).status;

const tick = async (world: MeasuredTraining, job: TrainingJob): Promise<void> => {
  const before = await statusOf(world, job);
  const { answer, consumed } = await world.measure(() => world.pollDue());
  const after = await statusOf(world, job);
  const name = () => {
    if (answer.checkedCount === 0) return NO_LOOK;
    if (before !== after) return `tick, one job under way (${before} → ${after})`;
    return answer.updatedCount === 0 ? QUIET_LOOK : LOOK_WITH_A_POINT;
  };
  world.ticks.push({ operation: name(), ...consumed });
};

interface Ending {
  readonly as?: TrainingStatus;
  /** Seconds before each look of the clock. */
  readonly pace?: (tick: number) => number;
  /** What happens beside the job. */
  readonly meanwhile?: () => Promise<void>;
}

const MOST_TICKS = 1000;

/** Lets time pass between ticks until the execution of a job has ended. */
const untilItEnds = async (
  world: MeasuredTraining,
  job: TrainingJob,
  { as = 'completed', pace = () => LOOK_SECONDS, meanwhile }: Ending = {},
): Promise<Done> => {
  const { history } = world.executionOf(job.id);
  for (let ticks = 0; history.status === 'RUNNING'; ticks++) {
    if (ticks > MOST_TICKS) throw new Error(`the job is ${await statusOf(world, job)} for ever`);
    await world.time.advance(pace(ticks));
    await tick(world, job);
    await world.settle();
    await meanwhile?.();
    await world.settle();
  }
  const status = await statusOf(world, job);
  if (status !== as) throw new Error(`the job is ${status}: ${history.cause}`);
  return {
    ...sumOf(world.sequence),
    transitions: history.transitions,
    states: history.entered.map(({ state }) => state),
    sequence: [...world.sequence, ...world.ticks.filter(({ operation }) => operation !== NO_LOOK)],
  };
};

const DAY_SECONDS = 86_400;

/** A job that nothing disturbs, with so much training. */
export const plainJob = async (dynamo: LocalDynamo, trainSeconds: number, pace?: Ending['pace']): Promise<Done> => {
  const world = await measuredTraining(dynamo);
  const compute = { ...aTrainingInput().compute, maxRuntimeSeconds: 5 * DAY_SECONDS, maxWaitSeconds: 10 * DAY_SECONDS };
  const job = await world.start({ input: aTrainingInput({ compute, simulation: { trainSeconds } }) }, DATASET);
  return untilItEnds(world, job, pace ? { pace } : {});
};

/** A job whose training fails half way. */
export const failedJob = async (dynamo: LocalDynamo): Promise<Done> => {
  const world = await measuredTraining(dynamo);
  const job = await world.start({ input: aTrainingInput({ simulation: { failAtProgress: 0.5 } }) }, DATASET);
  return untilItEnds(world, job, { as: 'failed' });
};

/** A job that a person cancels while its provider trains. */
export const cancelledJob = async (dynamo: LocalDynamo): Promise<Done> => {
  const world = await measuredTraining(dynamo);
  const job = await world.start({ input: aTrainingInput({ simulation: { trainSeconds: 600 } }) }, DATASET);
  const cancel = async () => {
    const { status, cancelRequestedAt } = await world.store.getTrainingJob(job.id);
    if (status !== 'running' || cancelRequestedAt !== undefined) return;
    await world.record('cancel job (its provider trains)', () => world.cancelJob({ jobId: job.id }));
  };
  return untilItEnds(world, job, { as: 'cancelled', meanwhile: cancel });
};

const MOST_OPEN = 100;

const storeSources = async ({ store, heldOut }: MeasuredTraining, count: number): Promise<void> => {
  await store.commit([{ kind: 'gate', before: null, after: emptyGate(SESSIONS_GATE, MOST_OPEN, MOST_OPEN) }]);
  for (const { sessionId: id } of heldOut.slice(0, count))
    await store.commit([
      { kind: 'session', before: null, after: aSession({ id, tenantId: TENANT, status: 'completed', successRate: 1 }) },
      { kind: 'session-input', sessionId: id, input: aSessionInput({ workspace: aWorkspace() }) },
      { kind: 'result', sessionId: id, attempt: 1, result: aResult({ baseCommit: 'a'.repeat(40) }) },
    ]);
};

/** One session after the other comes to its end, and the job hears of it. */
const endReplay = async ({ store, record, lookAt }: MeasuredTraining, job: TrainingJob): Promise<void> => {
  for (;;) {
    const { items } = await store.listSessions({ limit: 100 });
    const next = items.find(({ createdBy, status }) => createdBy === job.id && status === 'queued');
    if (next === undefined) return;
    const after = { ...next, version: next.version + 1, status: 'completed', successRate: 1 } as const;
    await store.commit([{ kind: 'session', before: next, after }]);
    await record('look (a replayed session has ended)', () => lookAt(job.id));
  }
};

/** A job whose model does so much held-out work once more, as the champion does. The sessions themselves cost what sessions cost. */
export const replayedJob = async (dynamo: LocalDynamo, replayItems: number): Promise<Done> => {
  const world = await measuredTraining(dynamo);
  await storeSources(world, replayItems);
  const gate: Partial<GateRules> = {
    ...{ replayItems, servingModelIdentifier: 'acme/coder-{version}', baselineModelIdentifier: 'acme/base' },
  };
  const { simulation: _, ...input } = aTrainingInput({ gate });
  const fields = { ...aNewTraining().fields, provider: 'sagemaker' } as const;
  const job = await world.start({ fields, input: input as TrainingInput }, DATASET);
  return untilItEnds(world, job, { meanwhile: () => endReplay(world, job) });
};
