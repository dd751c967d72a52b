import type { Retrier, State } from './definition.ts';
import { type Scope, template } from './evaluate.ts';
import { type Around, tryTask } from './run-task.ts';
import { isNamed, StateError } from './state-error.ts';

/** Where the execution goes after a state, and with what. */
export interface Step {
  readonly edge: string;
  readonly to: string;
  readonly output: unknown;
  readonly assigned: Scope;
}

export interface Entered {
  readonly name: string;
  readonly state: State;
  readonly input: unknown;
  readonly variables: Scope;
  readonly context: Readonly<Record<string, unknown>>;
  /** Told before each further try. */
  readonly onRetry: () => void;
}

const scopeOf = (
  { input, variables, context }: Entered,
  more: Readonly<Record<string, unknown>> = {},
  task: Readonly<Record<string, unknown>> = {},
): Scope => ({ ...variables, states: { input, context: { ...context, ...task }, ...more } });

const leave = (
  { Assign = {}, Output }: Pick<State, 'Assign' | 'Output'>,
  where: string,
  scope: Scope,
  otherwise: unknown,
) => ({
  assigned: template(Assign, `${where}.Assign`)(scope) as Scope,
  output: Output === undefined ? otherwise : template(Output, `${where}.Output`)(scope),
});

const delayOf = (
  { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY }: Retrier,
  earlier: number,
) => Math.min(IntervalSeconds * BackoffRate ** earlier, MaxDelaySeconds);

const afterTask = (entered: Entered, result: unknown): Step => {
  const { name, state } = entered;
  return { edge: 'Next', to: state.Next ?? '', ...leave(state, name, scopeOf(entered, { result }), result) };
};

/** Where a failed task goes on. @throws StateError where nothing catches it */
const caught = (entered: Entered, failure: StateError): Step => {
  const { name, state } = entered;
  const { error, cause } = failure;
  const index = (state.Catch ?? []).findIndex(({ ErrorEquals }) => isNamed(error, ErrorEquals));
  const catcher = state.Catch?.[index];
  if (catcher === undefined) throw failure;
  const errorOutput = { Error: error, Cause: cause };
  const edge = `Catch[${index}]`;
  return {
    edge,
    to: catcher.Next,
    ...leave(catcher, `${name}.${edge}`, scopeOf(entered, { errorOutput }), errorOutput),
  };
};

const sleep = async (seconds: number, { time, interrupted }: Around) => {
  const timer = time.timer(seconds);
  try {
    await Promise.race([timer.passed, interrupted]);
  } finally {
    timer.cancel();
  }
};

/** How long to wait before the next try after an error; undefined for no further try. Each retrier counts for itself. */
const patience = (retriers: readonly Retrier[] = []) => {
  const used = new Map<Retrier, number>();
  return (error: string): number | undefined => {
    const retrier = retriers.find(({ ErrorEquals }) => isNamed(error, ErrorEquals));
    if (retrier === undefined) return undefined;
    const earlier = used.get(retrier) ?? 0;
    used.set(retrier, earlier + 1);
    return earlier < (retrier.MaxAttempts ?? 3) ? delayOf(retrier, earlier) : undefined;
  };
};

/** A Task with its retries, without jitter: each wait is as long as it may be. */
const runTask = async (entered: Entered, around: Around): Promise<Step> => {
  const { name, state, context, onRetry } = entered;
  const delayAfter = patience(state.Retry);
  for (let retryCount = 0; ; retryCount++) {
    const now = {
      ...entered,
      context: { ...context, State: { ...(context['State'] as object), RetryCount: retryCount } },
    };
    const scope = (token?: string) => scopeOf(now, {}, token === undefined ? {} : { Task: { Token: token } });
    try {
      return afterTask(now, await tryTask(name, state, { scope, retryCount }, around));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const delay = delayAfter(error.error);
      if (delay === undefined) return caught(now, error);
      await sleep(delay, around);
      onRetry();
    }
  }
};

const choose = (entered: Entered): Step => {
  const { name, state, input } = entered;
  const scope = scopeOf(entered);
  const index = (state.Choices ?? []).findIndex(({ Condition }, at) => {
    const result = template(Condition, `${name}.Choices[${at}]`)(scope);
    if (typeof result !== 'boolean')
      throw new StateError('States.QueryEvaluationError', `${name}: ${Condition} is neither true nor false`);
    return result;
  });
  const chosen = state.Choices?.[index];
  const stays = { output: input, assigned: {} };
  if (chosen) return { edge: `Choices[${index}]`, to: chosen.Next, ...stays };
  if (state.Default === undefined) throw new StateError('States.NoChoiceMatched', `${name}: no choice matched`);
  return { edge: 'Default', to: state.Default, ...stays };
};

const waitFor = async (entered: Entered, around: Around): Promise<Step> => {
  const { name, state, input } = entered;
  const scope = scopeOf(entered);
  const seconds = template(state.Seconds, `${name}.Seconds`)(scope);
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 0)
    throw new StateError('States.QueryEvaluationError', `${name}: ${JSON.stringify(seconds)} is no number of seconds`);
  await sleep(seconds, around);
  return { edge: 'Next', to: state.Next ?? '', ...leave(state, name, scope, input) };
};

/** What a state that ends the execution says. @throws StateError where it is a Fail state */
export const endIn = (entered: Entered): unknown => {
  const { name, state, input } = entered;
  const scope = scopeOf(entered);
  if (state.Type === 'Succeed') return leave(state, name, scope, input).output;
  const [error, cause] = [template(state.Error ?? '', name)(scope), template(state.Cause ?? '', name)(scope)];
  if (typeof error !== 'string' || typeof cause !== 'string')
    throw new StateError('States.QueryEvaluationError', `${name}: error and cause are not both strings`);
  throw new StateError(error, cause);
};

/** Runs one state that goes on. @throws StateError for a failure that nothing catches */
export const runState = async (entered: Entered, around: Around): Promise<Step> => {
  const { name, state, input } = entered;
  switch (state.Type) {
    case 'Task':
      return runTask(entered, around);
    case 'Choice':
      return choose(entered);
    case 'Wait':
      return waitFor(entered, around);
    default:
      return { edge: 'Next', to: state.Next ?? '', ...leave(state, name, scopeOf(entered), input) };
  }
};
