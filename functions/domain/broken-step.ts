/** A step of an execution that failed for good. */
export interface BrokenStep {
  readonly state: string;
  readonly error: string;
  /** In the words of Step Functions: of a function that threw it is a JSON text with the message of the error. */
  readonly cause: string;
}

const MAX_CAUSE = 300;

const messageOf = (cause: string): string => {
  try {
    const { errorMessage } = (JSON.parse(cause) ?? {}) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
};

/** What broke, where, and why, on one bounded line. */
export const brokenStepText = ({ state, error, cause }: BrokenStep): string => {
  const message = messageOf(cause).replace(/\s+/g, ' ').trim().slice(0, MAX_CAUSE);
  return [state, error.slice(0, MAX_CAUSE), message].filter((part) => part !== '').join(': ');
};
