import { template } from './evaluate.ts';
import { Refused } from './refused.ts';

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: unknown;
  readonly Output?: unknown;
}

export interface Choice {
  readonly Condition: string;
  readonly Next: string;
}

export interface State {
  readonly Type: 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail';
  readonly Comment?: string;
  readonly Next?: string;
  readonly Assign?: unknown;
  readonly Output?: unknown;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload?: Readonly<Record<string, unknown>> };
  readonly TimeoutSeconds?: number;
  readonly HeartbeatSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly Choice[];
  readonly Default?: string;
  readonly Seconds?: number | string;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Machine {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

const LAMBDA = 'arn:aws:states:::lambda:invoke';
export const TOKEN_LAMBDA = `${LAMBDA}.waitForTaskToken`;

const MACHINE = ['Comment', 'QueryLanguage', 'StartAt', 'TimeoutSeconds', 'States'];
const GOING_ON = ['Type', 'Comment', 'Next', 'Assign', 'Output'];
const STATES: Readonly<Record<string, readonly string[]>> = {
  Pass: GOING_ON,
  Task: [...GOING_ON, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds', 'Retry', 'Catch'],
  Choice: ['Type', 'Comment', 'Choices', 'Default'],
  Wait: [...GOING_ON, 'Seconds'],
  Succeed: ['Type', 'Comment', 'Output'],
  Fail: ['Type', 'Comment', 'Error', 'Cause'],
};
const RETRIER = ['ErrorEquals', 'IntervalSeconds', 'BackoffRate', 'MaxAttempts', 'MaxDelaySeconds', 'JitterStrategy'];
const CATCHER = ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'];
const CHOICE = ['Condition', 'Next', 'Comment'];

const onlyFields = (value: object, known: readonly string[], where: string) => {
  const field = Object.keys(value).find((name) => !known.includes(name));
  if (field !== undefined) throw new Refused(where, `the runner does not know the field ${field}`);
};

const wholeSeconds = (value: unknown, where: string) => {
  if (value !== undefined && !Number.isInteger(value)) throw new Refused(where, 'it is not a plain whole number');
};

const taskOf = (where: string, { Resource, Arguments, TimeoutSeconds, HeartbeatSeconds }: State) => {
  if (Resource !== LAMBDA && Resource !== TOKEN_LAMBDA)
    throw new Refused(where, `the runner does not know the resource ${Resource}`);
  if (Arguments === undefined) throw new Refused(where, 'it has no Arguments');
  onlyFields(Arguments, ['FunctionName', 'Payload'], `${where}.Arguments`);
  wholeSeconds(TimeoutSeconds, `${where}.TimeoutSeconds`);
  wholeSeconds(HeartbeatSeconds, `${where}.HeartbeatSeconds`);
};

const check = (machine: Machine, where: string, state: State) => {
  const known = STATES[state.Type];
  if (known === undefined) throw new Refused(where, `the runner does not know the type ${state.Type}`);
  onlyFields(state, known, where);
  for (const [index, retrier] of (state.Retry ?? []).entries())
    onlyFields(retrier, RETRIER, `${where}.Retry[${index}]`);
  for (const [index, catcher] of (state.Catch ?? []).entries())
    onlyFields(catcher, CATCHER, `${where}.Catch[${index}]`);
  for (const [index, choice] of (state.Choices ?? []).entries())
    onlyFields(choice, CHOICE, `${where}.Choices[${index}]`);
  if (state.Type === 'Task') taskOf(where, state);
  if (['Pass', 'Task', 'Wait'].includes(state.Type) && state.Next === undefined)
    throw new Refused(where, 'it has no Next');
  // parses every expression, also of states that no test enters
  template({ ...state, Comment: '', Retry: [] }, where);
  for (const { to } of edgesFrom(where, state))
    if (!(to in machine.States)) throw new Refused(where, `there is no state ${to}`);
};

/** One way from a state to another, named after the field that says so. */
export interface Edge {
  readonly name: string;
  readonly to: string;
}

const edgesFrom = (name: string, { Next, Choices = [], Default, Catch = [] }: State): Edge[] => [
  ...(Next === undefined ? [] : [{ name: `${name}: Next`, to: Next }]),
  ...Choices.map(({ Next: to }, index) => ({ name: `${name}: Choices[${index}]`, to })),
  ...(Default === undefined ? [] : [{ name: `${name}: Default`, to: Default }]),
  ...Catch.map(({ Next: to }, index) => ({ name: `${name}: Catch[${index}]`, to })),
];

/** Every way an execution can take, and every state it can end in. */
export const edgesOf = ({ States }: Machine): string[] =>
  Object.entries(States).flatMap(([name, state]) => [
    ...edgesFrom(name, state).map((edge) => edge.name),
    ...(['Succeed', 'Fail'].includes(state.Type) ? [`${name}: end`] : []),
  ]);

/**
 * A definition that the runner knows in every word.
 * @throws Refused, with the state's name, for a type, field, resource or expression that it does not know
 */
export const readMachine = (text: string): Machine => {
  const machine = JSON.parse(text) as Machine & { readonly QueryLanguage?: string };
  onlyFields(machine, MACHINE, 'the machine');
  if (machine.QueryLanguage !== 'JSONata') throw new Refused('the machine', 'its query language is not JSONata');
  wholeSeconds(machine.TimeoutSeconds, 'TimeoutSeconds');
  if (!(machine.StartAt in machine.States)) throw new Refused('StartAt', `there is no state ${machine.StartAt}`);
  for (const [name, state] of Object.entries(machine.States)) check(machine, name, state);
  return machine;
};
