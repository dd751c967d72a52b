import { expect, it } from 'vitest';
import { age, count, dollars, duration, percent } from '#apps/cli/output/quantities';

it.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [12_340, '12.3 s'],
  [245_000, '4 min 05 s'],
  [7_380_000, '2 h 03 min'],
  [273_600_000, '3 d 4 h'],
])('a duration of %d ms reads %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

it('an age counts whole units and never is negative', () => {
  const now = Date.parse('2026-05-01T12:00:00.000Z');
  expect(age('2026-05-01T11:59:01.000Z', now)).toBe('59 s');
  expect(age('2026-05-01T09:30:00.000Z', now)).toBe('2 h');
  expect(age('2026-04-28T12:00:00.000Z', now)).toBe('3 d');
  expect(age('2026-05-01T12:00:05.000Z', now)).toBe('0 s');
});

it('amounts agree with their noun', () => {
  expect([count(1, 'file'), count(1200, 'file'), count(2, 'entry', 'entries')]).toEqual([
    '1 file',
    '1,200 files',
    '2 entries',
  ]);
});

it('small sums of money keep their digits', () => {
  expect([dollars(0), dollars(0.00348), dollars(12.5)]).toEqual(['$0.00', '$0.003480', '$12.50']);
});

it('shares are percentages', () => {
  expect([percent(1), percent(0.75), percent(1 / 3)]).toEqual(['100 %', '75 %', '33.33 %']);
});
