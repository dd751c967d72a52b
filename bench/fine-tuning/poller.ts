import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makePollDueTraining, type TickCounts } from '#application/poll-training-jobs';
import type { TrainingProvider } from '#application/ports/training-provider';
import { type Consumption, metered } from '#bench/units/meter';
import { virtualTime } from '#test/support/asl-runner/virtual-time';
import type { LocalDynamo } from '#test/support/dynamodb';
import { aClock, countedIdentifiers, recordingTokens } from '#test/support/ports-in-memory';
import { storeTrainingsUnderWay, trainingId } from '#test/support/trainings-under-way';

export interface Load {
  readonly jobs: number;
  readonly tenants: number;
}

/** One tick, as the table bills it. */
export interface MeasuredTick extends Consumption {
  /** Questions to the provider. */
  readonly questions: number;
}

/** What is not measured but assumed, to see how a tick fits into its time: seconds of one call. */
export const ASSUMED = { tableSeconds: 0.01, providerSeconds: 0.2 } as const;

const tenantIds = (count: number) => Array.from({ length: count }, (_, index) => trainingId(10_000 + index));

const TOTAL_STEPS = 339;

/** A provider that has something new to tell, or nothing. */
const telling = (ask: () => { readonly step: number } | undefined): TrainingProvider => ({
  nameOf: () => '',
  start: async () => ({ externalJobId: '' }),
  cancel: async () => true,
  async status() {
    const told = ask();
    if (told === undefined) return { status: 'running', phase: 'training', points: [] };
    const { step } = told;
    const point = { step, epoch: 1, trainLoss: 1.2345, evalLoss: 1.3456, learningRate: 0.00005, tokensProcessed: 1e6 };
    const points = [{ ...point, at: '2026-05-04T12:00:00.000Z' }];
    return {
      status: 'running',
      phase: 'training',
      points,
      step,
      totalSteps: TOTAL_STEPS,
      progress: step / TOTAL_STEPS,
    };
  },
});

const pollerOn = (engine: ItemEngine, provider: TrainingProvider, clock: ReturnType<typeof aClock>) =>
  makePollDueTraining({
    ...{ clock, ids: countedIdentifiers(), tokens: recordingTokens(), providers: () => provider },
    due: makeDueWork(engine),
    storeOf: (tenantId) => makeTenantStore(engine, tenantId),
  });

const underWay = ({ jobs, tenants }: Load, clock: ReturnType<typeof aClock>) =>
  ({ count: jobs, tenants: tenantIds(tenants), at: new Date(clock.now()).toISOString(), status: 'running' }) as const;

/** A tick at which nothing is new of any job, and one at which there is a new point of every job, on the real engine. */
export const measureTicks = async (
  dynamo: LocalDynamo,
  load: Load,
): Promise<{ readonly quiet: MeasuredTick; readonly news: MeasuredTick }> => {
  const clock = aClock();
  const meter = metered(dynamo.client);
  const engine = makeDynamoEngine(meter.client, await dynamo.createTable());
  await storeTrainingsUnderWay((tenantId) => makeTenantStore(engine, tenantId), underWay(load, clock));
  const tick = async (step?: number): Promise<MeasuredTick> => {
    let questions = 0;
    const provider = telling(() => {
      questions++;
      return step === undefined ? undefined : { step };
    });
    const { answer, consumed } = await meter.measure(pollerOn(engine, provider, clock));
    const isRight = answer.checkedCount === load.jobs && answer.updatedCount === (step === undefined ? 0 : load.jobs);
    if (!isRight) throw new Error(`the tick counted ${JSON.stringify(answer)}`);
    clock.advance(60);
    return { ...consumed, questions };
  };
  return { quiet: await tick(), news: await tick(30) };
};

/** How long a tick would take, if calls took what is assumed of them, and what they would take one after the other. */
export const modelTick = async (
  load: Load,
): Promise<{ readonly counts: TickCounts; readonly seconds: number; readonly inTurn: number }> => {
  const clock = aClock();
  const time = virtualTime(clock);
  let inTurn = 0;
  const after = async <T>(seconds: number, work: () => Promise<T>): Promise<T> => {
    inTurn += seconds;
    await time.timer(seconds).passed;
    return work();
  };
  const memory = makeMemoryEngine();
  await storeTrainingsUnderWay((tenantId) => makeTenantStore(memory, tenantId), underWay(load, clock));
  const call = <T>(work: () => Promise<T>) => after(ASSUMED.tableSeconds, work);
  const engine: ItemEngine = {
    get: (key) => call(() => memory.get(key)),
    getMany: (keys) => call(() => memory.getMany(keys)),
    query: (query) => call(() => memory.query(query)),
    transact: (operations) => call(() => memory.transact(operations)),
  };
  const provider = telling(() => undefined);
  const slow: TrainingProvider = {
    ...provider,
    status: (id, job) => after(ASSUMED.providerSeconds, () => provider.status(id, job)),
  };
  const begunAt = clock.now();
  let counts: TickCounts | undefined;
  void pollerOn(engine, slow, clock)().then((answer) => {
    counts = answer;
  });
  await time.until(() => counts !== undefined);
  return { counts: counts as unknown as TickCounts, seconds: (clock.now() - begunAt) / 1000, inTurn };
};
