import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUMPS, bumpVersion, formatVersion, parseVersion, type Semver } from '#domain/model/semver';
import { versionOrder } from '#domain/model/version-order';

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

  it('is followed by a later one without a build', () => {
    fc.assert(
      fc.property(versions, fc.constantFrom(...BUMPS), (version, bump) => {
        const next = bumpVersion(version, bump);
        expect(versionOrder(formatVersion(next)) > versionOrder(formatVersion(version))).toBe(true);
        expect(next.build).toBeUndefined();
      }),
    );
    expect(BUMPS.map((bump) => formatVersion(bumpVersion({ major: 1, minor: 2, patch: 3, build: 'x' }, bump)))).toEqual(
      ['2.0.0', '1.3.0', '1.2.4'],
    );
  });
});
