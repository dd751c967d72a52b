import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRedactions, redactionCount, scrub } from '#domain/dataset/scrub';
import { SCRUB_RULES } from '#domain/dataset/scrub-rules';
import { harmless, scrubCases, unknownShapes } from './scrub-cases.ts';

const names = SCRUB_RULES.map(({ name }) => name);

describe('scrubbing', () => {
  it.each(scrubCases)('$rule: $text', ({ rule, text, hides, becomes }) => {
    const { text: scrubbed, redactions } = scrub(text);
    if (hides === undefined) return expect({ scrubbed, redactions }).toEqual({ scrubbed: text, redactions: {} });
    expect(scrubbed).not.toContain(hides);
    expect(scrubbed).toContain(`[REDACTED:${rule}]`);
    expect(redactions[rule]).toBeGreaterThan(0);
    if (becomes !== undefined) expect(scrubbed).toBe(becomes);
  });

  it('has a hit and a near miss for every rule', () => {
    const with_ = (isHit: boolean) =>
      new Set(scrubCases.filter(({ hides }) => (hides !== undefined) === isHit).map(({ rule }) => rule));
    expect([...with_(true)].sort()).toEqual(names.toSorted());
    expect([...with_(false)].sort()).toEqual(names.toSorted());
    expect(names).toHaveLength(19);
  });

  it('finds nearly all of what is secret, and little else', () => {
    const secrets = [...scrubCases, ...unknownShapes].flatMap(({ text, hides }) => (hides ? [{ text, hides }] : []));
    const found = secrets.filter(({ text, hides }) => !scrub(text).text.includes(hides)).length;
    const plain = [...scrubCases.filter(({ hides }) => hides === undefined).map(({ text }) => text), ...harmless];
    const mistaken = plain.filter((text) => scrub(text).text !== text).length;
    const figures = { recall: found / secrets.length, precision: found / (found + mistaken) };
    expect(figures.recall).toBeCloseTo(0.936, 3);
    expect(figures.precision).toBeCloseTo(0.957, 3);
  });

  it('counts every replacement under its rule', () => {
    const { redactions } = scrub('ada@example.com and eve@example.com, card 4111 1111 1111 1111');
    expect(redactions).toEqual({ email: 2, card_number: 1 });
    expect(redactionCount(addRedactions([redactions, { email: 1 }]))).toBe(4);
  });

  it('changes nothing the second time, also where a marker makes a secret of what stands around it', () => {
    const marked = scrub("password='a@b.co'").text;
    expect(scrub(marked)).toEqual({ text: marked, redactions: {} });
    const piece = fc.oneof(
      fc.constantFrom(...scrubCases.map(({ text }) => text), ...unknownShapes.map(({ text }) => text)),
      fc.constantFrom(
        'password=',
        "'",
        '"',
        '\n',
        ' ',
        ':',
        '@',
        '://',
        'TOKEN=',
        'Bearer ',
        '[REDACTED:',
        'a.b',
        'eyJ',
        '4',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = scrub(pieces.join(''));
        expect(scrub(once.text)).toEqual({ text: once.text, redactions: {} });
      }),
      { numRuns: 300 },
    );
  });
});

/** Steps of a rule cannot be counted; what they come to is how time grows, and a quadratic one would need minutes here. */
describe('a text made to slow the rules down', () => {
  const SIZE = 256 * 1024;
  const unit = [
    'a.',
    'eyJ-',
    'eyJaaaaaaaa-',
    'SECRET',
    '\n',
    ' ',
    'a@',
    'a://',
    '-----BEGIN PRIVATE KEY-----',
    'token:',
    "token='",
    '1 ',
    'sk-',
    'aws_key',
  ];
  it.each(unit)('of %j is scrubbed like any other', (one) => {
    const text = one.repeat(SIZE / one.length);
    expect(scrub(text).text.length).toBeGreaterThan(0);
  });
});
