import { type AslState, waitsForToken } from '#lib/constructs/asl-definition';

const TITLE_CASE = /^[A-Z][A-Za-z0-9]*( [A-Z0-9][A-Za-z0-9]*)*\??$/;
const SENTENCE = /\S.*\.$/;
const ENDS = ['Succeed', 'Fail'];
/** What the other query language has instead of expressions. */
const JSON_PATH = /^(Parameters|ResultSelector|\w+Path)$/;

const taskProblems = ({ Retry = [], Catch = [], ...state }: AslState): string[] => {
  const { TimeoutSeconds } = state;
  const retried = Retry.map(({ ErrorEquals = [] }) => ErrorEquals);
  return [
    ...(Retry.length === 0 ? ['has no Retry'] : []),
    ...(retried.some((names) => names.length === 0 || names.includes('States.ALL'))
      ? ['repeats what it does not name: Retry lists the errors that a repeat can cure']
      : []),
    ...(Catch.length === 0 ? ['has no Catch'] : []),
    ...(Catch.length > 0 && !Catch.at(-1)?.ErrorEquals?.includes('States.ALL')
      ? ['lets an error pass: its last Catch is not for States.ALL']
      : []),
    ...(TimeoutSeconds === undefined && !waitsForToken(state) ? ['has no TimeoutSeconds'] : []),
    ...(waitsForToken(state) && !Number.isInteger(TimeoutSeconds)
      ? ['waits for a token without a TimeoutSeconds that is a plain number']
      : []),
  ];
};

const endProblems = ({ Type, End, Next, Default }: AslState): string[] => {
  if (ENDS.includes(Type)) return [];
  if (End !== undefined) return ['ends the machine; only Succeed and Fail do, so that colors mean something'];
  if (Type === 'Choice') return Default === undefined ? ['has no Default'] : [];
  return Next === undefined ? ['leads nowhere'] : [];
};

/** What the house rules forbid in one state. */
export const stateProblems = (name: string, state: AslState): string[] => [
  ...(TITLE_CASE.test(name) ? [] : [`the name "${name}" is not in Title Case`]),
  ...[
    ...(SENTENCE.test(String(state.Comment ?? '')) ? [] : ['has no Comment that is a sentence']),
    ...(state.Type === 'Task' ? taskProblems(state) : []),
    ...endProblems(state),
    ...Object.keys(state)
      .filter((field) => JSON_PATH.test(field) || field === 'QueryLanguage')
      .map((field) => `has the field ${field}: the machine speaks JSONata only`),
  ].map((problem) => `state "${name}" ${problem}`),
];
