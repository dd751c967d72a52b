import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatVersion, parseVersion, type Semver } from '#domain/model/semver';
import { versionOrder } from '#domain/model/version-order';

const number = fc.nat({ max: 120 });
const build = fc.stringMatching(/^[0-9A-Za-z.-]{1,12}$/);
const versions = fc
  .record<Semver>({ major: number, minor: number, patch: number, build: fc.option(build, { nil: undefined }) })
  .map(formatVersion);

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

const isNumber = (part: string) => /^\d+$/.test(part);

/** Numbers before words, numbers by value, words by their characters; a part more is later. */
const comparedPart = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b) || a.length - b.length;
  return isNumber(a) === isNumber(b) ? order(a, b) : Number(isNumber(b)) - Number(isNumber(a));
};

const comparedBuild = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const [ours, theirs] = [a.split('.'), b.split('.')];
  const longest = Math.max(ours.length, theirs.length);
  return Array.from({ length: longest }, (_, index) => comparedPart(ours[index], theirs[index])).find(Boolean) ?? 0;
};

/** The rule once more, part by part. */
const compared = (a: Semver, b: Semver): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparedBuild(a.build, b.build);

describe('the order of versions as texts', () => {
  it('is the order of the versions', () => {
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        const expected = compared(parseVersion(a) as Semver, parseVersion(b) as Semver);
        expect(order(versionOrder(a), versionOrder(b))).toBe(Math.sign(expected));
        expect(versionOrder(a) === versionOrder(b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
  });

  it('has a build before its plain version', () => {
    const inOrder = [
      '0.9.9',
      '1.0.0-1',
      '1.0.0-2',
      '1.0.0-10',
      '1.0.0-a',
      '1.0.0-a.1',
      '1.0.0-b',
      '1.0.0',
      '1.0.1-a',
      '1.2.0',
      '2.0.0',
    ];
    const sorted = inOrder.toReversed().toSorted((a, b) => order(versionOrder(a), versionOrder(b)));
    expect(sorted).toEqual(inOrder);
  });

  it.each([
    ['1.9.0', '1.10.0'],
    ['1.0.0-rc.1', '1.0.0'],
    ['1.0.0-2', '1.0.0-10'],
    ['1.0.0-9', '1.0.0-a'],
    ['1.0.0-a', '1.0.0-a.1'],
    ['1.0.0-a', '1.0.0-a-'],
    ['1.0.0-99999999999999999998', '1.0.0-99999999999999999999'],
  ])('%s comes before %s', (a, b) => expect(versionOrder(a) < versionOrder(b)).toBe(true));

  it('has no place for what is no version', () => {
    expect(() => versionOrder('latest')).toThrow('latest is no version');
  });
});
