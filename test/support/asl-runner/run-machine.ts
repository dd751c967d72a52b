import type { Machine } from './definition.ts';
import type { Scope } from './evaluate.ts';
import { endIn, runState } from './run-state.ts';
import type { Around, Invoke } from './run-task.ts';
import { StateError } from './state-error.ts';
import { taskTokens } from './task-tokens.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';

/** What an execution did so far. */
export interface History {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** In the order they were entered; the last one is where it stands. */
  readonly entered: { readonly state: string; readonly at: string }[];
  /** The ways it took, by the names of `edgesOf`. */
  readonly edges: string[];
  /** What AWS bills: each state entered, and each retry. */
  transitions: number;
  error?: string;
  cause?: string;
  output?: unknown;
}

export interface Execution {
  readonly history: History;
  /** Resolves when it has ended, however. Rejects where the runner refuses. */
  readonly ended: Promise<History>;
  stop(error: string, cause: string): void;
}

class Interrupted extends Error {
  readonly status: 'ABORTED' | 'TIMED_OUT';
  readonly end: StateError;

  constructor(status: Interrupted['status'], end: StateError) {
    super(status);
    this.status = status;
    this.end = end;
  }
}

const walk = async (machine: Machine, name: string, input: unknown, history: History, around: Around) => {
  const iso = () => new Date(around.time.now()).toISOString();
  const context = { Execution: { Name: name, Input: input, StartTime: iso() } };
  let variables: Scope = {};
  let [at, output] = [machine.StartAt, input];
  for (;;) {
    const state = machine.States[at];
    if (state === undefined) throw new Error(`there is no state ${at}`);
    history.entered.push({ state: at, at: iso() });
    history.transitions++;
    const entered = {
      name: at,
      state,
      input: output,
      variables,
      context: { ...context, State: { Name: at, EnteredTime: iso(), RetryCount: 0 } },
      onRetry: () => history.transitions++,
    };
    if (state.Type === 'Succeed' || state.Type === 'Fail') {
      history.edges.push(`${at}: end`);
      return endIn(entered);
    }
    const step = await runState(entered, around);
    history.edges.push(`${at}: ${step.edge}`);
    variables = { ...variables, ...step.assigned };
    [at, output] = [step.to, step.output];
  }
};

/** Step Functions in memory: executions of one machine, the functions they call, and their task tokens. */
export const makeStepFunctions = (
  machine: Machine,
  { time, invoke, tokenLength }: { time: VirtualTime; invoke: Invoke; tokenLength?: number },
) => {
  const tokens = taskTokens(tokenLength);

  const start = (name: string, input: unknown): Execution => {
    const history: History = { status: 'RUNNING', entered: [], edges: [], transitions: 0 };
    let interrupt: (why: Interrupted) => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    interrupted.catch(() => undefined);
    const limit: Timer | undefined =
      machine.TimeoutSeconds === undefined ? undefined : time.timer(machine.TimeoutSeconds);
    const tooLong = new StateError('States.Timeout', 'the execution ran out of time');
    void limit?.passed.then(() => interrupt(new Interrupted('TIMED_OUT', tooLong)));

    const end = (status: History['status'], { error, cause }: StateError) =>
      Object.assign(history, { status, error, cause });
    // asynchronously, as on AWS: whoever starts it has its answer before the first state is entered
    const ended = Promise.resolve()
      .then(() => walk(machine, name, input, history, { time, tokens, invoke, interrupted }))
      .then(
        (output) => Object.assign(history, { status: 'SUCCEEDED', output }) as History,
        (error: unknown) => {
          if (error instanceof Interrupted) return end(error.status, error.end);
          if (error instanceof StateError) return end('FAILED', error);
          throw error;
        },
      )
      .finally(() => limit?.cancel());
    // whoever does not wait for it looks at the history
    ended.catch(() => undefined);
    return {
      history,
      ended,
      stop: (error, cause) => interrupt(new Interrupted('ABORTED', new StateError(error, cause))),
    };
  };

  return {
    start,
    /** Each tells whether the token was taken. */
    sendTaskSuccess: (token: string, value: unknown = {}) => tokens.answer(token, { value }),
    sendTaskFailure: (token: string, error: string, cause: string) =>
      tokens.answer(token, { error: new StateError(error, cause) }),
    sendTaskHeartbeat: (token: string) => tokens.beat(token),
  };
};

export type StepFunctionsInMemory = ReturnType<typeof makeStepFunctions>;
