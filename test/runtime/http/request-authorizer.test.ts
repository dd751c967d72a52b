import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestAuthorizer } from '#runtime/http/request-authorizer';
import { anApi, aTenant } from '#test/support/in-process-api';

const MINUTE = 60;

/** The authorizer of a function that stays warm, and a key of its tenant. */
const aWarmAuthorizer = async () => {
  const api = anApi();
  const { keys } = await aTenant(api);
  const key = keys['member'] as string;
  const authorize = requestAuthorizer(() => api.ports);
  const isKnown = async (authorization = `Bearer ${key}`) => {
    const event = { headers: { authorization } } as unknown as APIGatewayRequestAuthorizerEventV2;
    const { isAuthorized, context } = await authorize(event);
    expect(isAuthorized).toBe(true);
    return 'principal' in context;
  };
  const revoke = async () => {
    const [, , credentialId] = key.split('_');
    const item = api.engine
      .items()
      .find((one) => one['entity'] === 'credential' && one['credentialId'] === credentialId);
    if (item === undefined) throw new Error(`no credential ${credentialId}`);
    const put = { ...item, revokedAt: new Date(api.clock.now()).toISOString() };
    await api.engine.transact([{ put, condition: { kind: 'exists' }, what: 'credential' }]);
  };
  return { api, isKnown, revoke };
};

describe('P8: a revoked key', () => {
  it('is refused within 60 s, however often it is used meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3 * MINUTE }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }),
        async (usedBefore, pauses) => {
          const { api, isKnown, revoke } = await aWarmAuthorizer();
          expect(await isKnown()).toBe(true);
          api.clock.advance(usedBefore);
          expect(await isKnown()).toBe(true);
          await revoke();
          let since = 0;
          for (const pause of pauses.filter(
            (_, index) => pauses.slice(0, index + 1).reduce((a, b) => a + b) < MINUTE,
          )) {
            api.clock.advance(pause);
            since += pause;
            await isKnown();
          }
          api.clock.advance(MINUTE - since);
          expect(await isKnown()).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is refused at once where it was not used before', async () => {
    const { isKnown, revoke } = await aWarmAuthorizer();
    await revoke();
    expect(await isKnown()).toBe(false);
  });
});

describe('the memory of the authorizer', () => {
  it('never takes one credential for another, and keeps no refusal', async () => {
    const { isKnown } = await aWarmAuthorizer();
    expect(await isKnown()).toBe(true);
    expect(await isKnown('Bearer nonsense')).toBe(false);
    expect(await isKnown('')).toBe(false);
    expect(await isKnown()).toBe(true);
  });
});
