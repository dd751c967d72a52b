import { DomainError } from '#domain/errors';
import { moves, type SessionStatus } from './status.ts';

/** A move that the status does not allow. Carries both ends and the legal ones, so that the answer can name them. */
export class InvalidTransition extends DomainError {
  readonly code = 'INVALID_TRANSITION';
  override readonly extras: { current: SessionStatus; target: SessionStatus; allowed: readonly SessionStatus[] };

  constructor(from: SessionStatus, to: SessionStatus) {
    super(`a ${from} session cannot become ${to}`);
    this.extras = { current: from, target: to, allowed: moves[from] };
  }
}
