import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hanging, oneLine, visible } from '#apps/cli/output/visible';

/** What a terminal obeys or what turns the order of characters around. */
const isHidden = (code: number) =>
  code < 0x20 ||
  (code >= 0x7f && code < 0xa0) ||
  [0x061c, 0x200e, 0x200f, 0x2028, 0x2029].includes(code) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069);
const hiddenIn = (text: string) => [...text].filter((sign) => isHidden(sign.codePointAt(0) ?? 0));
const hidden = Array.from({ length: 0x2070 }, (_, code) => code)
  .filter(isHidden)
  .map((code) => String.fromCharCode(code));
const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hidden)))
  .map((parts) => parts.join(''));

describe('visible text', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['\u009b2J\u007f', '\\u009b2J\\u007f'],
    ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['over\rwritten', 'over\\rwritten'],
    ['line\n\tindented', 'line\n\tindented'],
    ['grün 🙂 日本 C:\\new', 'grün 🙂 日本 C:\\new'],
  ])('of %j is %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('holds nothing hidden but line feeds and tabs, and is left alone when seen again', () => {
    void fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text);
        expect(hiddenIn(shown).filter((sign) => sign !== '\n' && sign !== '\t')).toEqual([]);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });

  it('of a JSON document has the same value', () => {
    void fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(visible(JSON.stringify({ text }, undefined, 2)))).toEqual({ text });
      }),
    );
  });
});

describe('one line', () => {
  it('shows line feeds and tabs, too', () => {
    expect(oneLine('a\nb\tc\u001b')).toBe('a\\nb\\tc\\u001b');
  });

  it('is one line without anything hidden', () => {
    void fc.assert(
      fc.property(anyText, (text) => {
        expect(hiddenIn(oneLine(text))).toEqual([]);
      }),
    );
  });
});

it('a hanging text begins no line at the margin', () => {
  expect(hanging('first\nsecond\r\nthird', 3)).toBe('first\n   second\n   third');
});
