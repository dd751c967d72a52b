import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameJson } from '#domain/same-json';

describe('two JSON values', () => {
  it('are the same as their copies, whatever they hold', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => sameJson(value, structuredClone(value))));
  });

  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [[1, 2], [2, 1], false],
    [['x'], { 0: 'x' }, false],
    [{}, null, false],
    [undefined, undefined, true],
    ['1', 1, false],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(sameJson(a, b)).toBe(expected);
    expect(sameJson(b, a)).toBe(expected);
  });
});
