import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
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
import { trainingExecutionName } from '#contracts/execution-name';
import type { Dataset } from '#domain/dataset/dataset';
import type { EventInternals } from '#domain/event';
import { emptyGate } from '#domain/gate/gate';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import { aDataset } from './a-dataset.ts';
import { aNewTraining } from './a-training-job.ts';
import type { Machine } from './asl-runner/definition.ts';
import { type Execution, makeStepFunctions, type StepFunctionsInMemory } from './asl-runner/run-machine.ts';
import type { Call } from './asl-runner/run-task.ts';
import { virtualTime } from './asl-runner/virtual-time.ts';
import { makeSettle } from './bus-in-memory.ts';
import { aClock, countedIdentifiers, interrupted } from './ports-in-memory.ts';

const RED: ReadonlySet<string> = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

const nameOf = (jobId: string, attempt: number, run?: number) =>
  trainingExecutionName({ tenantId: 'A', jobId, attempt, run });

/** Does something in place of a call of a function; `work` is the function itself. */
type Instead = (call: Call, work: () => Promise<unknown>) => Promise<unknown>;

/** Does what the world does under a name; for whoever counts what it costs. */
export type Recorded = <T>(operation: string, act: () => Promise<T>) => Promise<T>;

export interface TrainingWorldOptions {
  readonly machine: Machine;
  /** The step function behind a token of the definition. */
  readonly handlerOf: (functionName: string) => (event: unknown) => Promise<unknown>;
  /** Training jobs at a time. */
  readonly limit?: number;
  /** Stands in for the simulated provider, or around it. */
  readonly provider?: (simulated: TrainingProvider) => TrainingProvider;
  readonly tenantId?: string;
  /** In place of a table in memory: one that knows at least the events that were put. */
  readonly table?: ItemEngine & { readonly items: () => readonly Item[] };
  /** Until everything has happened that needs no time; longer where the table is not in memory. */
  readonly settled?: () => Promise<void>;
  readonly tokenLength?: number;
  readonly record?: Recorded;
  /** Takes comparisons further that take a while. */
  readonly evaluate?: (store: TenantStore) => Evaluate;
}

const readyDataset = (fields: Partial<Dataset> = {}): Dataset =>
  aDataset({
    id: 'DATASET',
    status: 'ready',
    sha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
    counts: { ...aDataset().counts, samples: 500, train: 450, eval: 50 },
    tokens: { train: 540_000, eval: 60_000 },
    ...fields,
  });

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
  let machines: StepFunctionsInMemory;
  const tokens: TaskTokens & { readonly completed: string[] } = {
    completed: [],
    complete: async (taskToken) => {
      tokens.completed.push(taskToken);
      machines.sendTaskSuccess(taskToken);
    },
  };
  const clock = aClock();
  const ids = countedIdentifiers();
  const store = makeTenantStore(engine, tenantId);
  const simulated = makeSimulatedTraining({ clock, digest: nodeDigest });
  const providers: TrainingProviders = () => provider?.(simulated) ?? simulated;
  const shared = { store, clock, ids };
  const remarks: TrainingRemark[] = [];
  const report = (remark: TrainingRemark) => remarks.push(remark);
  const polling = { providers, tokens, clock, ids, evaluate, report };
  const time = virtualTime(clock, settled);
  const instead: { readonly state: string; readonly act: Instead }[] = [];
  machines = makeStepFunctions(machine, {
    time,
    tokenLength,
    invoke: async (call) => {
      const work = () => record(call.state, () => handlerOf(call.functionName)(call.payload));
      const found = instead.find(({ state }) => state === call.state);
      if (found === undefined) return work();
      instead.splice(instead.indexOf(found), 1);
      return found.act(call, work);
    },
  });

  const executions = new Map<string, Execution>();
  const execute = (jobId: string, attempt: number, run = 1): Execution => {
    const name = nameOf(jobId, attempt, run);
    const execution =
      executions.get(name) ?? machines.start(name, { tenant_id: tenantId, job_id: jobId, attempt, run });
    executions.set(name, execution);
    return execution;
  };
  const wakeJob = makeWakeJob({ store, tokens });
  const pollJob = makePollTrainingJob({ ...polling, store });
  const consume = async ({ consumers = [], training, wakeJobs = [] }: EventInternals) => {
    const { jobId = '', attempt = 1, run } = training ?? {};
    if (training && consumers.includes('start-execution')) execute(jobId, attempt, run);
    if (training && consumers.includes('stop-execution'))
      executions.get(nameOf(jobId, attempt, run))?.stop('JobEnded', 'a person cancelled the job');
    if (training && consumers.includes('poll-training'))
      await record('look (an event names the job)', () => pollJob(jobId));
    for (const waiting of wakeJobs) await record('wake', () => wakeJob(waiting));
  };

  const deliver = makeSettle({ time, items: memory.items, consume });
  const recover = makeRecoverTraining(shared);
  const told = new Set<string>();
  /** AWS tells of each execution that ended red. */
  const settle = async (): Promise<void> => {
    await deliver();
    const red = [...executions].find(([name, { history }]) => !told.has(name) && RED.has(history.status));
    if (red === undefined) return;
    const [name] = red;
    told.add(name);
    const [, jobId = '', attempt, run = '1'] = name.split('-');
    await recover({ jobId, attempt: Number(attempt), run: Number(run) });
    await settle();
  };

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
    wakeJob,
    lookAt: pollJob,
    execute,
    settle,
    items: memory.items,
    everything: () => structuredClone(memory.items()),
    writes: () => writes,
    inPlaceOf: (state: string, act: Instead) => instead.push({ state, act }),
    /** Nobody is told of the end of an execution, as if the event were lost. */
    loseEndOf: (jobId: string, attempt = 1, run = 1) => told.add(nameOf(jobId, attempt, run)),
    remarks,
    recover,
    executionOf: (jobId: string, attempt = 1, run = 1) => {
      const execution = executions.get(nameOf(jobId, attempt, run));
      if (execution === undefined)
        throw new Error(`no execution ${run} was started for attempt ${attempt} of ${jobId}`);
      return execution;
    },
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
