import { makeIdentifiers } from '#adapters/node/random-identifiers';
import { systemClock } from '#adapters/node/system-clock';

/** Request ids for functions that have no other ports. */
export const newRequestId = makeIdentifiers(systemClock).ulid;
