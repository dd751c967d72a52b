import { trainingExecutionName } from '#contracts/execution-name';
import type { Machine } from './asl-runner/definition.ts';
import { type Execution, makeStepFunctions } from './asl-runner/run-machine.ts';
import type { Call } from './asl-runner/run-task.ts';
import type { VirtualTime } from './asl-runner/virtual-time.ts';

const RED: ReadonlySet<string> = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

const nameOf = (jobId: string, attempt: number, run?: number) =>
  trainingExecutionName({ tenantId: 'A', jobId, attempt, run });

/** Does something in place of a call of a function; `work` is the function itself. */
type Instead = (call: Call, work: () => Promise<unknown>) => Promise<unknown>;

/** Does what the world does under a name; for whoever counts what it costs. */
export type Recorded = <T>(operation: string, act: () => Promise<T>) => Promise<T>;

export interface TrainingExecutionsOptions {
  readonly machine: Machine;
  /** The step function behind a token of the definition. */
  readonly handlerOf: (functionName: string) => (event: unknown) => Promise<unknown>;
  readonly tenantId: string;
  readonly tokenLength: number;
  readonly record: Recorded;
  readonly time: VirtualTime;
}

/** The executions of a tenant's training jobs, by job, attempt and run. */
export const trainingExecutions = ({ machine, handlerOf, tenantId, record, ...rest }: TrainingExecutionsOptions) => {
  const instead: { readonly state: string; readonly act: Instead }[] = [];
  const machines = makeStepFunctions(machine, {
    ...rest,
    invoke: async (call) => {
      const work = () => record(call.state, () => handlerOf(call.functionName)(call.payload));
      const found = instead.find(({ state }) => state === call.state);
      if (found === undefined) return work();
      instead.splice(instead.indexOf(found), 1);
      return found.act(call, work);
    },
  });
  const executions = new Map<string, Execution>();
  const told = new Set<string>();
  return {
    completeTask: (taskToken: string) => machines.sendTaskSuccess(taskToken),
    execute: (jobId: string, attempt: number, run = 1): Execution => {
      const name = nameOf(jobId, attempt, run);
      const execution =
        executions.get(name) ?? machines.start(name, { tenant_id: tenantId, job_id: jobId, attempt, run });
      executions.set(name, execution);
      return execution;
    },
    stopExecution: (jobId: string, attempt: number, run?: number): void =>
      executions.get(nameOf(jobId, attempt, run))?.stop('JobEnded', 'a person cancelled the job'),
    executionOf: (jobId: string, attempt = 1, run = 1): Execution => {
      const execution = executions.get(nameOf(jobId, attempt, run));
      if (execution === undefined)
        throw new Error(`no execution ${run} was started for attempt ${attempt} of ${jobId}`);
      return execution;
    },
    /** The driver whose execution ended red, once for each. */
    nextRed: () => {
      const red = [...executions].find(([name, { history }]) => !told.has(name) && RED.has(history.status));
      if (red === undefined) return undefined;
      const [name] = red;
      told.add(name);
      const [, jobId = '', attempt, run = '1'] = name.split('-');
      return { jobId, attempt: Number(attempt), run: Number(run) };
    },
    /** Nobody is told of the end of an execution, as if the event were lost. */
    loseEndOf: (jobId: string, attempt = 1, run = 1) => told.add(nameOf(jobId, attempt, run)),
    inPlaceOf: (state: string, act: Instead) => instead.push({ state, act }),
  };
};
