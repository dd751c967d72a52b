import { describe, expect, it } from 'vitest';
import { PREFIX } from '#adapters/dynamodb/table';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeCursor, type POSITIONS, readCursor } from '#runtime/http/cursor';
import { NOON } from '#test/support/a-session';

const scope = { tenantId: 'A', operationId: 'list_things', filters: {}, now: Date.parse(NOON) };
const ULID = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';

describe('a cursor', () => {
  it.each<[keyof typeof POSITIONS, string[], string[]]>([
    ['number', ['0', '17'], ['', '-1', '1e3', 'x', '9'.repeat(16)]],
    ['id', [ULID], ['', 'zzz', ULID.toLowerCase(), `${ULID}#`]],
    ['granted', [true, false].map((open) => `${PREFIX.granted(open)}${ULID}`), ['', ULID, `x#${ULID}`, 'open#']],
    ['name', ['shop-model', 'a/b'], ['', 'two\nlines']],
    ['version', ['1.0.0', '2.1.0-rc.1'], ['', '1.0', 'latest']],
  ])('of %s takes positions that a list can have, and no others', (positions, taken, refused) => {
    for (const position of taken) {
      const cursor = makeCursor(nodeDigest, scope, position);
      expect(readCursor(nodeDigest, scope, cursor, positions)).toBe(position);
    }
    for (const position of refused) {
      const cursor = makeCursor(nodeDigest, scope, position);
      expect(() => readCursor(nodeDigest, scope, cursor, positions)).toThrow('not one of this list');
    }
  });
});
