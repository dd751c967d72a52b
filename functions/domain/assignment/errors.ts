import { DomainError } from '#domain/errors';
import type { AssignmentState } from './assignment.ts';

/** Somebody else was granted the work since. Never retryable: stop and discard. */
export class StaleFencingToken extends DomainError {
  readonly code = 'STALE_FENCING_TOKEN';
  override readonly extras: { current: number };

  constructor(current: number) {
    super(`the fencing token is not that of the newest grant, ${current}`);
    this.extras = { current };
  }
}

/** The assignment, or the agent's part in it, has ended; nothing more is accepted for it. */
export class AssignmentClosed extends DomainError {
  readonly code = 'ASSIGNMENT_CLOSED';
  override readonly extras: { state: AssignmentState };

  constructor(state: AssignmentState) {
    super(`the assignment is ${state}`);
    this.extras = { state };
  }
}

/** The time for the work is over; only its result is still accepted. */
export class AssignmentDeadlinePassed extends DomainError {
  readonly code = 'ASSIGNMENT_DEADLINE_PASSED';

  constructor(deadlineAt: string) {
    super(`the deadline was ${deadlineAt}`);
  }
}

/** A result was accepted before, with another content. */
export class ResultConflict extends DomainError {
  readonly code = 'RESULT_CONFLICT';

  constructor() {
    super('another result was accepted for this assignment');
  }
}

/** The result names another task than the assignment. */
export class ResultTaskMismatch extends DomainError {
  readonly code = 'RESULT_TASK_MISMATCH';

  constructor(expected: string) {
    super(`the assignment's task_id is ${expected}`);
  }
}
