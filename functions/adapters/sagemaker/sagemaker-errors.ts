const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const isInvalid = (error: unknown, message: RegExp): boolean =>
  error instanceof Error && error.name === 'ValidationException' && message.test(error.message);

/** SageMaker has no job of that name. Its service model has one name for it, its answers another one. */
export const isUnknown = (error: unknown): boolean =>
  nameOf(error) === 'ResourceNotFound' || isInvalid(error, /not found|does not exist|could not find/i);

/** The job that was to be stopped is over, or is being stopped. */
export const hasEnded = (error: unknown): boolean =>
  isInvalid(error, /status (Completed|Failed|Stopped|Stopping)|already (ended|stopped|completed)/i);

/** A training job has this name already. */
export const isTaken = (error: unknown): boolean => nameOf(error) === 'ResourceInUse';

/** A group of model packages has this name already. Its service model has no name for it. */
export const isTakenGroup = (error: unknown): boolean =>
  nameOf(error) === 'ConflictException' || isTaken(error) || isInvalid(error, /already exists/i);

const PERMISSION = 'AccessDeniedException';

// a quota, a permission or a wrong word: asking again changes nothing
const REFUSALS: ReadonlySet<string> = new Set(['ValidationException', 'ResourceLimitExceeded', PERMISSION]);

/** No repeat of the request would help. */
export const isRefusal = (error: unknown): boolean => REFUSALS.has(nameOf(error));

/** What a request came to; one that is not permitted says what to do about it. */
export const permitted = async <T>(request: Promise<T>): Promise<T> => {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== PERMISSION) throw error;
    throw new Error(`${error.message}: an operator has to allow that to the role`, { cause: error });
  }
};
