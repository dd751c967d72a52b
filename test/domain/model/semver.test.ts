import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUMPS,
  bumpVersion,
  compareVersions,
  formatVersion,
  nextVersion,
  parseVersion,
  type Semver,
} from '#domain/model/semver';

const number = fc.nat({ max: 20 });
const build = fc.stringMatching(/^[0-9A-Za-z-]{1,4}(\.[0-9A-Za-z-]{1,4})?$/);
const versions = fc.record<Semver>({
  major: number,
  minor: number,
  patch: number,
  build: fc.option(build, { nil: undefined }),
});

describe('a version of a model', () => {
  it.each(['1.0.0', '0.0.1', '12.3.45-rc.1', '1.2.3-A-b'])('%s is one', (text) => {
    const parsed = parseVersion(text);
    expect(parsed && formatVersion(parsed)).toBe(text);
  });

  it.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-',
    '1.0.0+x',
    '1.0.0-ä',
    '1.0.0 ',
    `1.0.0-${'x'.repeat(41)}`,
    '1.0.-1',
  ])('"%s" is none', (text) => expect(parseVersion(text)).toBeUndefined());

  it('stands in an order in which a build comes before its plain version', () => {
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
    const sorted = inOrder
      .toReversed()
      .toSorted((a, b) => compareVersions(parseVersion(a) as Semver, parseVersion(b) as Semver));
    expect(sorted).toEqual(inOrder);
  });

  it('is before, at or behind another one, and the other one knows', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        if (compareVersions(a, b) === 0) expect(formatVersion(a)).toBe(formatVersion(b));
      }),
    );
  });

  it('is followed by a later one without a build', () => {
    fc.assert(
      fc.property(versions, fc.constantFrom(...BUMPS), (version, bump) => {
        const next = bumpVersion(version, bump);
        expect(compareVersions(next, version)).toBeGreaterThan(0);
        expect(next.build).toBeUndefined();
      }),
    );
    expect(BUMPS.map((bump) => formatVersion(bumpVersion({ major: 1, minor: 2, patch: 3, build: 'x' }, bump)))).toEqual(
      ['2.0.0', '1.3.0', '1.2.4'],
    );
  });

  it('begins at 1.0.0 and goes on from the latest that is taken', () => {
    expect(nextVersion([], 'patch')).toBe('1.0.0');
    expect(nextVersion(['nonsense'], 'major')).toBe('1.0.0');
    expect(nextVersion(['1.0.0', '1.10.0', '1.9.3'], 'patch')).toBe('1.10.1');
    expect(nextVersion(['2.0.0-rc.1', '1.0.0'], 'minor')).toBe('2.1.0');
  });
});
