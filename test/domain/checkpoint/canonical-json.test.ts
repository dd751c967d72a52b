import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#domain/checkpoint/canonical-json';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, shuffled(inner)]),
  );
};

describe('the canonical text of a JSON value', () => {
  it('has its names in order and no white space', () => {
    const text = canonicalJson({ step: 2, files: ['a.ts'] });
    expect(text).toBe('{"files":["a.ts"],"step":2}');
    const digest = createHash('sha256').update(text).digest('hex');
    expect(digest).toBe('05fc21b1f2ee6cfab66edef5d20b61575e9c0cd90f203cd3603aafb753c8e388');
  });

  it('writes numbers and strings as RFC 8785 shows them', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('orders names by UTF-16 units, not by code points', () => {
    expect(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, 1: 3, '\r': 4 })).toBe(
      '{"\\r":4,"1":3,"\u{1f600}":2,"\ufb33":1}',
    );
  });

  it('means the same value, and is the same for every order of names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
        expect(canonicalJson(shuffled(plain))).toBe(canonicalJson(plain));
      }),
    );
  });
});
