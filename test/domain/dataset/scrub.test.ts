import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRedactions, redactionCount, scrub } from '#domain/dataset/scrub';
import { SCRUB_RULES } from '#domain/dataset/scrub-rules';
import { scrubCases } from './scrub-cases.ts';
import { unknownShapes } from './scrub-corpus.ts';
import { figuresByRule, harmlessCount, overall, scrubbingDocument } from './scrub-figures.ts';
import { patternRules } from './scrub-patterns.ts';

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

  it('is described with what it finds and what it takes by mistake, as it is', async () => {
    expect(overall.secrets + harmlessCount).toBeGreaterThanOrEqual(150);
    for (const figures of figuresByRule) expect(figures.right).toBeGreaterThan(0);
    await expect(scrubbingDocument).toMatchFileSnapshot('../../../docs/scrubbing.md');
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
      fc.constantFrom(...scrubCases.map(({ text }) => text), ...unknownShapes.map(({ example }) => example.text)),
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
        '\n+',
        '\n-',
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

/** Pieces that matches are made of, so that made-up texts come near to them. */
const fragments = fc.constantFrom(
  ...scrubCases.map(({ text }) => text),
  ...unknownShapes.map(({ example }) => example.text),
  ...scrubCases.map(({ text }) => text.slice(0, Math.ceil(text.length / 2))),
  ...scrubCases.map(({ text }) => text.slice(Math.floor(text.length / 2))),
  ...[
    'git@',
    '@',
    '.',
    'a.b',
    '\n',
    '\r\n',
    '\u2028',
    ' ',
    'export ',
    'export\n',
    '-',
    '_',
    'eyJ',
    'a://',
    ':',
    '=',
    "'",
    '"',
    '4',
    '[REDACTED:x]',
  ],
);

describe('every rule', () => {
  it.each(SCRUB_RULES)('$name takes what its pattern names, and nothing else', ({ name, apply }) => {
    const byPattern = patternRules[name] ?? expect.fail(`${name} has no pattern`);
    const ignored = () => undefined;
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string({ maxLength: 4 })), { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        expect(apply(text, ignored)).toBe(byPattern(text));
      }),
      { numRuns: 150 },
    );
  });

  it('stands in the order of the patterns', () => expect(names).toEqual(Object.keys(patternRules)));
});

/** Steps of a rule cannot be counted; what they come to is how time grows, and a quadratic one would need minutes here. */
describe('a text made to slow the rules down', () => {
  const SIZE = 256 * 1024;
  const unit = [
    'a.',
    'eyJ-',
    'eyJaaaaaaaa-',
    'SECRET',
    ' TOKEN=<',
    ';TOKEN=$',
    ';TOKEN=\\',
    "'SECRET_NAME",
    ';TOKEN=1',
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

  it.each(SCRUB_RULES)('of what $name nearly takes, cut off anywhere, is too', ({ name, apply }) => {
    const hits = scrubCases.filter(({ rule, hides }) => rule === name && hides !== undefined).map(({ text }) => text);
    const begun = new Set(
      hits.flatMap((text) => [1, 2, 3, 4, 5, 6, 7].map((eighths) => text.slice(0, (text.length * eighths) / 8))),
    );
    for (const one of begun)
      if (one !== '') expect(apply(one.repeat(SIZE / 4 / one.length), () => undefined).length).toBeGreaterThan(0);
  });
});
