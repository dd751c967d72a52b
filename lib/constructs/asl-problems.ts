interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: readonly unknown[];
  readonly Catch?: readonly unknown[];
  readonly TimeoutSeconds?: unknown;
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine;
}

interface Machine {
  readonly TimeoutSeconds?: unknown;
  readonly States: Readonly<Record<string, State>>;
}

const TOKEN = /\$\{(\w+)\}/g;

const tokenProblems = (text: string, given: readonly string[]): string[] => {
  const used = new Set([...text.matchAll(TOKEN)].map(([, token = '']) => token));
  return [
    ...[...used].filter((token) => !given.includes(token)).map((token) => `nothing is given for \${${token}}`),
    ...given.filter((token) => !used.has(token)).map((token) => `\${${token}} is given but not used`),
  ];
};

const isMissing = (list: readonly unknown[] | undefined) => list === undefined || list.length === 0;

const taskProblems = (name: string, { Resource = '', Retry, Catch, TimeoutSeconds }: State): string[] => [
  ...(isMissing(Retry) ? [`task "${name}" has no Retry`] : []),
  ...(isMissing(Catch) ? [`task "${name}" has no Catch`] : []),
  ...(Resource.endsWith('.waitForTaskToken') && !Number.isInteger(TimeoutSeconds)
    ? [`task "${name}" waits for a token without a TimeoutSeconds that is a plain number`]
    : []),
];

const stateProblems = (states: Machine['States']): string[] =>
  Object.entries(states).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? taskProblems(name, state) : []),
    ...[...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])].flatMap(({ States }) =>
      stateProblems(States),
    ),
  ]);

/** What the house rules forbid in a state machine: open or unused tokens, and anything that may wait or fail without an end. */
export const aslProblems = (text: string, given: readonly string[]): string[] => {
  const machine = JSON.parse(text) as Machine;
  return [
    ...tokenProblems(text, given),
    ...(Number.isInteger(machine.TimeoutSeconds) ? [] : ['the machine has no TimeoutSeconds']),
    ...stateProblems(machine.States),
  ];
};
