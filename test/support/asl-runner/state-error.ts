/** An error by name, as Retry, Catch and the console see it. */
export class StateError extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = 'StateError';
    this.error = error;
    this.cause = cause;
  }
}

/** What a function's failure looks like to its state: the name it threw under, the rest as JSON. */
export const thrownByFunction = (thrown: unknown): StateError => {
  if (thrown instanceof StateError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new StateError(name, JSON.stringify({ errorType: name, errorMessage: message }));
};

const TIMEOUTS = ['States.Timeout', 'States.HeartbeatTimeout'];
/** No Retry and no Catch sees these. */
const FATAL = ['States.Runtime', 'States.DataLimitExceeded'];

/** Whether `ErrorEquals` names an error. `States.ALL` means all but fatal ones, `States.TaskFailed` all but timeouts, too. */
export const isNamed = (error: string, names: readonly string[]): boolean => {
  if (FATAL.includes(error)) return false;
  if (names.includes('States.ALL') || names.includes(error)) return true;
  if (TIMEOUTS.includes(error)) return names.includes('States.Timeout');
  return names.includes('States.TaskFailed');
};
