import { DomainError } from '#domain/errors';
import { moves, type SessionStatus } from './status.ts';

/** The session's status does not allow an operation that changes no status. Answered like a move that is not allowed. */
export class OperationNotAllowed extends DomainError {
  readonly code = 'INVALID_TRANSITION';
  override readonly extras: { current: SessionStatus; target: SessionStatus; allowed: readonly SessionStatus[] };

  constructor(status: SessionStatus, refusal: string) {
    super(`a ${status} session ${refusal}`);
    this.extras = { current: status, target: status, allowed: moves[status] };
  }
}
