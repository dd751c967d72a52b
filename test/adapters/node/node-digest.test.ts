import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';

describe('digests', () => {
  it('are SHA-256 in hex', () => {
    expect(nodeDigest.sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('are HMAC-SHA256 in base64url, so that they fit into a header', () => {
    const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const expected = Buffer.from(hex, 'hex').toString('base64url');
    expect(nodeDigest.hmac('Jefe', 'what do ya want for nothing?')).toBe(expected);
  });

  it('are equal only when every character is', () => {
    expect(nodeDigest.equal('abc', 'abc')).toBe(true);
    expect(nodeDigest.equal('abc', 'abd')).toBe(false);
    expect(nodeDigest.equal('abc', 'abcd')).toBe(false);
    expect(nodeDigest.equal('', 'a')).toBe(false);
  });

  it('are compared without a fault when equally many characters take differently many bytes', () => {
    expect(nodeDigest.equal('é', 'e')).toBe(false);
  });
});
