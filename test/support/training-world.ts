import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { tenantKey } from '#adapters/dynamodb/table';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeSimulatedTraining } from '#adapters/simulated/simulated-training';
import { makeCancelTrainingJob } from '#application/cancel-training-job';
import { type CreateTrainingJobInput, makeCreateTrainingJob } from '#application/create-training-job';
import type { Evaluate } from '#application/evaluate-model';
import { makeWakeJob } from '#application/job-wait';
import { makePollTrainingJob } from '#application/poll-training-job';
import { makePollDueTraining, makePollTenantTraining } from '#application/poll-training-jobs';
import type { TaskTokens } from '#application/ports/executions';
import type { TenantStore } from '#application/ports/tenant-store';
import type { TrainingProvider, TrainingProviders } from '#application/ports/training-provider';
import { makeRecoverTraining } from '#application/recover-training';
import { makeRetryTrainingJob } from '#application/retry-training-job';
import { makeStartTrainingJob } from '#application/start-training-job';
import { TRAINING_GATE } from '#application/training-slot';
import type { TrainingRemark } from '#application/training-trouble';
import type { Dataset } from '#domain/dataset/dataset';
import type { EventInternals } from '#domain/event';
import { emptyGate } from '#domain/gate/gate';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import { aDataset } from './a-dataset.ts';
import { aNewTraining } from './a-training-job.ts';
import { type VirtualTime, virtualTime } from './asl-runner/virtual-time.ts';
import { makeSettle } from './bus-in-memory.ts';
import { aClock, countedIdentifiers, interrupted } from './ports-in-memory.ts';
import { type TrainingExecutionsOptions, trainingExecutions } from './training-executions.ts';

export interface TrainingWorldOptions
  extends Pick<TrainingExecutionsOptions, 'machine' | 'handlerOf'>,
    Partial<Pick<TrainingExecutionsOptions, 'tenantId' | 'tokenLength' | 'record'>> {
  /** Training jobs at a time. */
  readonly limit?: number;
  /** Stands in for the simulated provider, or around it. */
  readonly provider?: (simulated: TrainingProvider) => TrainingProvider;
  /** In place of a table in memory: one that knows at least the events that were put. */
  readonly table?: ItemEngine & { readonly items: () => readonly Item[] };
  /** Until everything has happened that needs no time; longer where the table is not in memory. */
  readonly settled?: () => Promise<void>;
  /** Takes comparisons further that take a while. */
  readonly evaluate?: (store: TenantStore) => Evaluate;
}

const A_TENANT = {
  name: 'A',
  slug: 'a-tenant',
  status: 'active',
  version: 1,
  createdAt: '2026-05-04T12:00:00.000Z',
  createdBy: 'ADMIN',
} as const;

const readyDataset = (fields: Partial<Dataset> = {}): Dataset =>
  aDataset({
    id: 'DATASET',
    status: 'ready',
    sha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
    counts: { ...aDataset().counts, samples: 500, train: 450, eval: 50 },
    tokens: { train: 540_000, eval: 60_000 },
    ...fields,
  });

interface BusOptions {
  readonly store: TenantStore;
  readonly tokens: TaskTokens;
  readonly executions: ReturnType<typeof trainingExecutions>;
  readonly pollJob: ReturnType<typeof makePollTrainingJob>;
  readonly recover: ReturnType<typeof makeRecoverTraining>;
  readonly record: TrainingExecutionsOptions['record'];
  readonly time: VirtualTime;
  readonly items: () => readonly Item[];
}

/** Delivers what was committed, and tells of each execution that ended red, until nothing else happens. */
const settling = ({ store, tokens, executions, pollJob, recover, record, time, items }: BusOptions) => {
  const wakeJob = makeWakeJob({ store, tokens });
  const consume = async ({ consumers = [], training, wakeJobs = [] }: EventInternals) => {
    const { jobId = '', attempt = 1, run } = training ?? {};
    if (training && consumers.includes('start-execution')) executions.execute(jobId, attempt, run);
    if (training && consumers.includes('stop-execution')) executions.stopExecution(jobId, attempt, run);
    if (training && consumers.includes('poll-training'))
      await record('look (an event names the job)', () => pollJob(jobId));
    for (const waiting of wakeJobs) await record('wake', () => wakeJob(waiting));
  };
  const deliver = makeSettle({ time, items, consume });
  const settle = async (): Promise<void> => {
    await deliver();
    const red = executions.nextRed();
    if (red === undefined) return;
    await recover(red);
    await settle();
  };
  return settle;
};

/**
 * A tenant whose training jobs are driven by the real state machine with the real step functions, in memory and in virtual
 * time. The bus delivers each committed event once, as soon as nothing else happens; nobody polls by itself.
 */
export const aTrainingWorldOn = async ({
  machine,
  handlerOf,
  limit = 2,
  provider,
  tenantId = 'A',
  table: memory = makeMemoryEngine(),
  settled,
  tokenLength = 0,
  record = (_, act) => act(),
  evaluate,
}: TrainingWorldOptions) => {
  let writes = 0;
  const engine = interrupted({
    ...memory,
    transact: (operations) => {
      writes++;
      return memory.transact(operations);
    },
  });
  const clock = aClock();
  const ids = countedIdentifiers();
  const store = makeTenantStore(engine, tenantId);
  const simulated = makeSimulatedTraining({ clock, digest: nodeDigest });
  const providers: TrainingProviders = () => provider?.(simulated) ?? simulated;
  const shared = { store, clock, ids };
  const remarks: TrainingRemark[] = [];
  const report = (remark: TrainingRemark) => remarks.push(remark);
  const time = virtualTime(clock, settled);
  const executions = trainingExecutions({ machine, handlerOf, tenantId, tokenLength, record, time });
  const tokens: TaskTokens & { readonly completed: string[] } = {
    completed: [],
    complete: async (taskToken) => {
      tokens.completed.push(taskToken);
      executions.completeTask(taskToken);
    },
  };
  const polling = { providers, tokens, clock, ids, evaluate, report };
  const pollJob = makePollTrainingJob({ ...polling, store });
  const recover = makeRecoverTraining(shared);
  const settle = settling({ store, tokens, executions, pollJob, recover, record, time, items: memory.items });

  // tests that have an API, too, made the tenant there
  if ((await engine.get(tenantKey(tenantId))) === undefined)
    await store.commit([{ kind: 'tenant', before: null, after: { ...A_TENANT, id: tenantId, revision: 0 } }]);
  await store.commit([
    { kind: 'dataset', before: null, after: readyDataset({ tenantId }) },
    { kind: 'gate', before: null, after: emptyGate(TRAINING_GATE, limit, 1000) },
  ]);

  const createJob = makeCreateTrainingJob({ ...shared, prices: STAGE_PRICES });
  const pollDue = makePollDueTraining({ ...polling, due: makeDueWork(engine), storeOf: () => store });
  return {
    engine,
    store,
    clock,
    ids,
    tokens,
    providers,
    digest: nodeDigest,
    chance: () => 0.5,
    createJob,
    newTraining: aNewTraining,
    startJob: makeStartTrainingJob(shared),
    cancelJob: makeCancelTrainingJob(shared),
    time,
    retryJob: makeRetryTrainingJob(shared),
    pollDue,
    pollTenant: makePollTenantTraining({ ...polling, store }),
    wakeJob: makeWakeJob({ store, tokens }),
    lookAt: pollJob,
    execute: executions.execute,
    settle,
    items: memory.items,
    everything: () => structuredClone(memory.items()),
    writes: () => writes,
    inPlaceOf: executions.inPlaceOf,
    loseEndOf: executions.loseEndOf,
    remarks,
    recover,
    executionOf: executions.executionOf,
    dataset: async (fields: Partial<Dataset>) => {
      const dataset = readyDataset({ tenantId, ...fields });
      await store.commit([{ kind: 'dataset', before: null, after: dataset }]);
      return store.getDataset(dataset.id);
    },
    /** A started job on the dataset that is there. */
    start: async (fields: Partial<CreateTrainingJobInput> = {}, datasetId = 'DATASET') => {
      const { job } = await record('create and start job', () =>
        createJob(
          aNewTraining({
            autoStart: true,
            ...fields,
            fields: { ...aNewTraining().fields, datasetId, ...fields.fields },
          }),
        ),
      );
      await settle();
      return job;
    },
    /** Lets time pass; the poller comes every minute. */
    pass: async (seconds: number) => {
      await settle();
      for (let left = seconds; left > 0; left -= 60) {
        await time.advance(Math.min(60, left));
        await settle();
        await record('tick', pollDue);
        await settle();
      }
    },
  };
};

export type TrainingWorld = Awaited<ReturnType<typeof aTrainingWorldOn>>;
