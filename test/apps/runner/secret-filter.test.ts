import { describe, expect, it } from 'vitest';
import { secretFilter } from '#apps/runner/secret-filter';

describe('the secret filter', () => {
  it('takes out every secret it knows, also one that it learned later', () => {
    const filter = secretFilter(['first-secret']);
    filter.add('second-secret');
    expect(filter.clean('a first-secret, a second-secret, a first-secret')).toBe('a [secret], a [secret], a [secret]');
  });

  it('leaves ordinary words alone that happen to be a short secret', () => {
    expect(secretFilter(['test', '']).clean('a test')).toBe('a test');
  });
});
