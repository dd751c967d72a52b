/** A state as far as the house rules look at it. */
export interface AslState {
  readonly Type: string;
  readonly Comment?: unknown;
  readonly Next?: string;
  readonly End?: unknown;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Resource?: string;
  readonly Retry?: readonly { readonly ErrorEquals?: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals?: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: unknown;
  readonly Branches?: readonly AslMachine[];
  readonly ItemProcessor?: AslMachine;
}

/** A state machine, or a part of one. */
export interface AslMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
}

/** The machines inside a state. */
export const partsOf = ({ Branches = [], ItemProcessor }: AslState): AslMachine[] => [
  ...Branches,
  ...(ItemProcessor ? [ItemProcessor] : []),
];

/** The states to which one may go on. */
export const successorsOf = ({ Next, Default, Choices = [], Catch = [] }: AslState): string[] => [
  ...(Next === undefined ? [] : [Next]),
  ...(Default === undefined ? [] : [Default]),
  ...[...Choices, ...Catch].map((each) => each.Next),
];

/** Whether a state waits until somebody completes its token. */
export const waitsForToken = ({ Resource = '' }: AslState): boolean => Resource.endsWith('.waitForTaskToken');
