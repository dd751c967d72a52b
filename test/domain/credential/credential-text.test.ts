import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '#domain/credential/crc32';
import { agentTokenText, apiKeyText, checksum, credentialIdOf, ID_ALPHABET } from '#domain/credential/credential-text';

const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const KEY = 'iorch_live_0123456789ab_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8_1qjYMo';

describe('the text of a credential', () => {
  it('has the checksum of the published vectors', () => {
    expect(crc32('123456789').toString(16)).toBe('cbf43926');
    expect(checksum('123456789')).toBe('3jZRME');
    expect(apiKeyText('live', '0123456789ab', SECRET)).toBe(KEY);
    expect(KEY).toHaveLength(74);
    expect(createHash('sha256').update(KEY).digest('hex')).toBe(
      '3606f51eaa99cb519d9a5aacb1dd942f66f45744a179b5018104ca3b51e62321',
    );
  });

  it('tells keys from agent tokens', () => {
    expect(credentialIdOf(KEY)).toEqual({ kind: 'api-key', credentialId: '0123456789ab' });
    expect(credentialIdOf(agentTokenText('0123456789ab', SECRET))).toEqual({
      kind: 'agent-token',
      credentialId: '0123456789ab',
    });
  });

  it('is recognized as broken after any change of a single character', () => {
    const character = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-');
    fc.assert(
      fc.property(fc.nat(KEY.length - 1), character, (index, other) => {
        fc.pre(KEY[index] !== other);
        expect(credentialIdOf(`${KEY.slice(0, index)}${other}${KEY.slice(index + 1)}`)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('is not found in anything else', () => {
    for (const text of ['', 'iorch_', KEY.slice(1), `${KEY}x`, `${KEY} `, 'Bearer'])
      expect(credentialIdOf(text)).toBeUndefined();
  });

  it('has ids of 32 letters that nobody mistakes', () => {
    expect(new Set(ID_ALPHABET).size).toBe(32);
    expect(ID_ALPHABET).not.toMatch(/[ilou]/);
  });

  it('keeps the length of its checksum for small values', () => {
    expect(checksum('')).toBe('000000');
  });
});
