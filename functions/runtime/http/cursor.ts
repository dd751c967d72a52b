import * as z from 'zod';
import type { Digest } from '#application/ports/digest';
import { VERSION_PATTERN } from '#domain/model/semver';
import { Refusal } from './refusal.ts';

const LIFE_MS = 24 * 3600 * 1000;
const CursorContent = z.strictObject({ bound: z.string(), until: z.number(), position: z.string() });

/** What a cursor belongs to: it opens no other list. */
export interface CursorScope {
  readonly tenantId: string;
  readonly operationId: string;
  readonly filters: Readonly<Record<string, unknown>>;
  readonly now: number;
}

const boundTo = (digest: Digest, { tenantId, operationId, filters }: CursorScope) =>
  digest.sha256(JSON.stringify([tenantId, operationId, filters]));

/** An opaque cursor for the place where the next page begins. It holds a position inside the tenant's own list and nothing else. */
export const makeCursor = (digest: Digest, scope: CursorScope, position: string | undefined): string | undefined => {
  if (position === undefined) return undefined;
  const content = { bound: boundTo(digest, scope), until: scope.now + LIFE_MS, position };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

const ULID = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

/** What positions of a list look like: nothing else comes from a cursor into a query. */
export const POSITIONS = {
  number: /^\d{1,15}$/,
  id: new RegExp(`^${ULID}$`),
  granted: new RegExp(`^(open|ended)#${ULID}$`),
  name: /^.{1,200}$/u,
  version: VERSION_PATTERN,
} as const;

/**
 * The position in a cursor.
 * @throws Refusal 400 when it is malformed, older than 24 hours, of another list, or for a longer time than any is made for
 */
export const readCursor = (
  digest: Digest,
  scope: CursorScope,
  cursor: string | undefined,
  positions: keyof typeof POSITIONS,
): string | undefined => {
  if (cursor === undefined) return undefined;
  const content = CursorContent.safeParse(parse(cursor));
  const isValid =
    content.success &&
    content.data.bound === boundTo(digest, scope) &&
    content.data.until > scope.now &&
    content.data.until <= scope.now + LIFE_MS &&
    POSITIONS[positions].test(content.data.position);
  if (!isValid) throw new Refusal('INVALID_CURSOR', 'the cursor is not one of this list');
  return content.data.position;
};
