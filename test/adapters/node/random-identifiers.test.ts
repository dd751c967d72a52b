import { describe, expect, it } from 'vitest';
import { makeIdentifiers } from '#adapters/node/random-identifiers';
import { systemClock } from '#adapters/node/system-clock';
import { apiKeyText, credentialIdOf } from '#domain/credential/credential-text';

describe('identifiers', () => {
  it('sort in the order they were made, also within a millisecond and when the clock goes back', () => {
    const times = [2000, 2000, 1000, 3000];
    const ids = makeIdentifiers({ now: () => times.shift() ?? 3000 });
    const made = Array.from({ length: 6 }, () => ids.ulid());
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(6);
    expect(made.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
  });

  it('make credentials whose grammar the authorizer accepts', () => {
    const ids = makeIdentifiers(systemClock);
    for (let made = 0; made < 50; made++) {
      const credentialId = ids.credentialId();
      expect(credentialIdOf(apiKeyText('test', credentialId, ids.secret()))?.credentialId).toBe(credentialId);
    }
  });

  it('use every letter of their alphabet', () => {
    const ids = makeIdentifiers(systemClock);
    const letters = new Set(Array.from({ length: 200 }, () => [...ids.credentialId()]).flat());
    expect(letters.size).toBe(32);
  });
});
