import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, formatVersion, parseVersion, type Semver } from '#domain/model/semver';
import { versionOrder } from '#domain/model/version-order';

const number = fc.nat({ max: 120 });
const build = fc.stringMatching(/^[0-9A-Za-z.-]{1,12}$/);
const versions = fc
  .record<Semver>({ major: number, minor: number, patch: number, build: fc.option(build, { nil: undefined }) })
  .map(formatVersion);

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

describe('the order of versions as texts', () => {
  it('is the order of the versions', () => {
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        const expected = compareVersions(parseVersion(a) as Semver, parseVersion(b) as Semver);
        expect(order(versionOrder(a), versionOrder(b))).toBe(Math.sign(expected));
        expect(versionOrder(a) === versionOrder(b)).toBe(a === b);
      }),
      { numRuns: 500 },
    );
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
