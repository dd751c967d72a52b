import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Clock } from '#application/ports/clock';
import type { Identifiers } from '#application/ports/identifiers';
import { ID_ALPHABET } from '#domain/credential/credential-text';

const CREDENTIAL_ID_LENGTH = 12;
const SECRET_BYTES = 32;

/** Identifiers from the system's random source. */
export const makeIdentifiers = (clock: Pick<Clock, 'now'>): Identifiers => {
  const next = monotonicFactory();
  return {
    ulid: () => next(clock.now()),
    // the alphabet has 32 letters, so the low five bits of a byte pick one without bias
    credentialId: () => [...randomBytes(CREDENTIAL_ID_LENGTH)].map((byte) => ID_ALPHABET[byte & 31]).join(''),
    secret: () => randomBytes(SECRET_BYTES).toString('base64url'),
  };
};
