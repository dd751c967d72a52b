import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { IdempotencyStore } from '#application/ports/tenant-store';
import type { IdempotencyRecord } from '#application/ports/write';
import type { Route } from '#contracts/route';
import { InvalidInput } from '#domain/errors';
import type { Ports } from '#runtime/ports';
import type { Caller } from './caller.ts';
import { Refusal } from './refusal.ts';

const KEPT_MS = 24 * 3600 * 1000;
const KEY = /^[\x20-\x7e]{1,255}$/;

/** A request that may be sent again: what it is known by, and what it said. */
export interface IdempotentRequest {
  readonly digest: string;
  readonly bodyHash: string;
}

/** What a repeated request is answered with. */
export type RememberedAnswer = Pick<IdempotencyRecord, 'status' | 'body' | 'location'>;

/** Reads the Idempotency-Key of a POST. @throws InvalidInput when the key is malformed */
export const idempotentRequest = (
  event: APIGatewayProxyEventV2,
  route: Route,
  { tenantId, principal }: Caller,
  bodyText: string,
  { digest }: Ports,
): IdempotentRequest | undefined => {
  const key = event.headers['idempotency-key'];
  if (key === undefined || route.method !== 'POST') return undefined;
  if (!KEY.test(key))
    throw new InvalidInput([{ path: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' }]);
  return {
    digest: digest.sha256([tenantId, principal.id, route.operationId, key].join('\n')),
    // the path is part of what was asked: the same key for another entity is another request
    bodyHash: digest.sha256(`${event.rawPath}\n${bodyText}`),
  };
};

/** The record that is stored in the transaction of the change. */
export const recordOf = (
  { digest, bodyHash }: IdempotentRequest,
  answer: RememberedAnswer,
  now: number,
): IdempotencyRecord => ({
  digest,
  bodyHash,
  ...answer,
  rememberedAt: new Date(now).toISOString(),
  expiresAt: new Date(now + KEPT_MS).toISOString(),
});

/**
 * The remembered answer, if this request was answered within the last 24 hours.
 * @throws Refusal 422 when the key was used for another request
 */
export const replayOf = async (
  store: IdempotencyStore,
  { digest, bodyHash }: IdempotentRequest,
  now: number,
): Promise<RememberedAnswer | undefined> => {
  const record = await store.findIdempotency(digest);
  if (record === undefined || Date.parse(record.expiresAt) <= now) return undefined;
  if (record.bodyHash !== bodyHash)
    throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'the Idempotency-Key was used for another request');
  return { status: record.status, body: record.body, location: record.location };
};
