import { describe, expect, it } from 'vitest';
import { nextVersion } from '#domain/model/next-version';

describe('the next version of a model', () => {
  it('begins at 1.0.0 and goes on from the latest that is taken', () => {
    expect(nextVersion([], 'patch')).toBe('1.0.0');
    expect(nextVersion(['nonsense'], 'major')).toBe('1.0.0');
    expect(nextVersion(['1.0.0', '1.10.0', '1.9.3'], 'patch')).toBe('1.10.1');
    expect(nextVersion(['2.0.0-rc.1', '1.0.0'], 'minor')).toBe('2.1.0');
  });
});
