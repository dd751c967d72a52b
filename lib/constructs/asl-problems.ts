import { type AslMachine, partsOf } from '#lib/constructs/asl-definition';
import { graphProblems } from '#lib/constructs/asl-graph-problems';
import { stateProblems } from '#lib/constructs/asl-state-problems';

const TOKEN = /\$\{(\w+)\}/g;

const tokenProblems = (text: string, given: readonly string[]): string[] => {
  const used = new Set([...text.matchAll(TOKEN)].map(([, token = '']) => token));
  return [
    ...[...used].filter((token) => !given.includes(token)).map((token) => `nothing is given for \${${token}}`),
    ...given.filter((token) => !used.has(token)).map((token) => `\${${token}} is given but not used`),
  ];
};

const partProblems = (machine: AslMachine): string[] => [
  ...graphProblems(machine),
  ...Object.entries(machine.States).flatMap(([name, state]) => [
    ...stateProblems(name, state),
    ...partsOf(state).flatMap(partProblems),
  ]),
];

/** What the house rules forbid in a state machine: what nobody understands, what may wait or fail without an end, what polls. */
export const aslProblems = (text: string, given: readonly string[]): string[] => {
  const machine = JSON.parse(text) as AslMachine & {
    readonly Comment?: string;
    readonly QueryLanguage?: string;
    readonly TimeoutSeconds?: unknown;
  };
  return [
    ...tokenProblems(text, given),
    ...(machine.Comment ? [] : ['the machine has no Comment']),
    ...(machine.QueryLanguage === 'JSONata' ? [] : ['the machine does not speak JSONata']),
    ...(Number.isInteger(machine.TimeoutSeconds) ? [] : ['the machine has no TimeoutSeconds that is a plain number']),
    ...partProblems(machine),
  ];
};
