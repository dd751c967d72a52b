import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { endOfText } from '#apps/runner/end-of-text';

it.each([
  ['all of a short text', ' remote: no\n', 'remote: no'],
  ['whole lines', `remote: a word\n${'b'.repeat(18)}`, `… ${'b'.repeat(18)}`],
  ['whole words of a long line', 'a long line that has no end', '… that has no end'],
  ['what fits of a long word', 'a'.repeat(30), `… ${'a'.repeat(18)}`],
  ['more than a short last line', `${'a'.repeat(30)}\nok`, `… ${'a'.repeat(15)}\nok`],
  ['no half of a character', `${'🙂'.repeat(15)}a`, `… ${'🙂'.repeat(8)}a`],
])('keeps %s', (_, text, expected) => {
  expect(endOfText(text, 20)).toBe(expected);
});

it('is never longer than asked for, and ends as the text does', () => {
  const texts = fc.array(fc.constantFrom('a', 'bc', ' ', '\n', '🙂')).map((parts) => parts.join(''));
  void fc.assert(
    fc.property(texts, fc.integer({ min: 3, max: 40 }), (text, most) => {
      const end = endOfText(text, most);
      expect(end.length).toBeLessThanOrEqual(most);
      expect(text.trim().endsWith(end.replace('… ', ''))).toBe(true);
    }),
  );
});
