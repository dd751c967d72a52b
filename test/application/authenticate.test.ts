import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAuthenticate } from '#application/authenticate';
import { agentTokenText, apiKeyText, checksum } from '#domain/credential/credential-text';
import type { StoredCredential } from '#domain/credential/principal';
import { NOON } from '#test/support/a-session';
import { aClock } from '#test/support/ports-in-memory';

const secret = 's'.repeat(43);
const apiKey = apiKeyText('test', '00000000000k', secret);
const otherKey = apiKeyText('test', '00000000000k', 'x'.repeat(43));
const agentToken = agentTokenText('00000000000t', secret);

const inDays = (days: number) => new Date(Date.parse(NOON) + days * 24 * 3600 * 1000).toISOString();
const credential = (text: string, credentialId: string): StoredCredential => ({
  credentialId,
  digest: nodeDigest.sha256(text),
  principal: { kind: 'service', id: credentialId, tenantId: 'A', role: 'member', name: 'ci' },
  expiresAt: inDays(1),
  revision: 1,
});

const withStored = (fields: Partial<StoredCredential> = {}) => {
  const reads: string[] = [];
  const stored = [credential(apiKey, '00000000000k'), credential(agentToken, '00000000000t')];
  const clock = aClock();
  const credentials = {
    async findCredential(credentialId: string) {
      reads.push(credentialId);
      const found = stored.find((one) => one.credentialId === credentialId);
      return found && { ...found, ...fields };
    },
  };
  return { reads, clock, authenticate: makeAuthenticate({ credentials, digest: nodeDigest, clock }) };
};

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const unauthenticated = { failure: 'UNAUTHENTICATED' };
const invalidToken = { failure: 'INVALID_AGENT_TOKEN' };

describe('authenticating', () => {
  it('knows an API key and an agent token, each as a bearer or in the header of agents', async () => {
    const { authenticate } = withStored();
    expect(await authenticate(bearer(apiKey))).toMatchObject({ principal: { id: '00000000000k' } });
    expect(await authenticate({ authorization: `bearer   ${apiKey}` })).toHaveProperty('principal');
    expect(await authenticate(bearer(agentToken))).toMatchObject({ principal: { id: '00000000000t' } });
    expect(await authenticate({ agentToken })).toMatchObject({ principal: { id: '00000000000t' } });
  });

  it('refuses a wrong checksum, a wrong grammar and no credential at all without any read', async () => {
    const { authenticate, reads } = withStored();
    const mistyped = apiKey.replace('sss', 'sst');
    const body = `iorch_prod_00000000000k_${secret}`;
    const refused = [
      bearer(mistyped),
      bearer(`${body}_${checksum(body)}`),
      bearer('nonsense'),
      { authorization: `Basic ${apiKey}` },
      { authorization: apiKey },
      { authorization: '' },
      {},
    ];
    for (const headers of refused) expect(await authenticate(headers)).toEqual(unauthenticated);
    expect(await authenticate({ agentToken: agentToken.slice(0, -1) })).toEqual(invalidToken);
    expect(await authenticate({ agentToken: '' })).toEqual(invalidToken);
    expect(reads).toEqual([]);
  });

  it('refuses an unknown credential and another secret of a known one alike', async () => {
    const { authenticate, reads } = withStored();
    expect(await authenticate(bearer(apiKeyText('test', '00000000000z', secret)))).toEqual(unauthenticated);
    expect(await authenticate(bearer(otherKey))).toEqual(unauthenticated);
    expect(await authenticate(bearer(agentTokenText('00000000000z', secret)))).toEqual(invalidToken);
    expect(reads).toHaveLength(3);
  });

  it('refuses a key from the very moment it expires', async () => {
    const { authenticate, clock } = withStored();
    clock.advance(24 * 3600 - 0.001);
    expect(await authenticate(bearer(apiKey))).toHaveProperty('principal');
    clock.advance(0.001);
    expect(await authenticate(bearer(apiKey))).toEqual(unauthenticated);
  });

  it('refuses what was revoked', async () => {
    const { authenticate } = withStored({ revokedAt: NOON });
    expect(await authenticate(bearer(apiKey))).toEqual(unauthenticated);
    expect(await authenticate({ agentToken })).toEqual(invalidToken);
  });

  it('refuses two different credentials in one request, without any read; the same one twice is one', async () => {
    const { authenticate, reads } = withStored();
    expect(await authenticate({ ...bearer(apiKey), agentToken })).toEqual(invalidToken);
    expect(await authenticate({ authorization: 'Basic abc', agentToken })).toEqual(invalidToken);
    expect(reads).toEqual([]);
    expect(await authenticate({ ...bearer(agentToken), agentToken })).toHaveProperty('principal');
  });
});
