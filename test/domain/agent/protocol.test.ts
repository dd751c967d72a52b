import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pollAfterSeconds } from '#domain/agent/poll';
import { grantedVersion, UnsupportedProtocolVersion } from '#domain/agent/protocol';
import { CapabilitiesRequired, registerAgain } from '#domain/agent/register';
import { NOON } from '#test/support/a-session';
import { anAgent, aRegistration } from '#test/support/an-agent';

describe('the protocol version of an agent', () => {
  it.each([
    ['1.0', '1.0'],
    ['1.00', '1.0'],
    ['1.1', '1.1'],
    ['1.7', '1.1'],
    ['1.10', '1.1'],
  ])('%s is granted as %s', (asked, granted) => expect(grantedVersion(asked)).toBe(granted));

  it.each(['2.0', '0.9', '1', '1.', 'v1.0', '1.0.0', '', '11.0'])('"%s" is not supported', (asked) => {
    expect(() => grantedVersion(asked)).toThrow(UnsupportedProtocolVersion);
  });

  it('of the known major is never refused', () => {
    fc.assert(fc.property(fc.nat(), (minor) => ['1.0', '1.1'].includes(grantedVersion(`1.${minor}`))));
  });
});

describe('an agent', () => {
  it('that can do nothing is not registered', () => {
    const by = { id: 'KEY', isLead: true };
    const renewal = { tokenId: 't', tokenExpiresAt: NOON, by, replace: true, at: NOON };
    expect(() => registerAgain(anAgent(), aRegistration({ capabilities: [] }), renewal)).toThrow(CapabilitiesRequired);
  });

  it('asks for work again soon while there is some', () => {
    const times = { busySeconds: 2, idleSeconds: 5 };
    expect(pollAfterSeconds(times, { granted: [], moreWaits: false })).toBe(5);
    expect(pollAfterSeconds(times, { granted: [], moreWaits: true })).toBe(2);
    expect(pollAfterSeconds(times, { granted: ['work'], moreWaits: false })).toBe(2);
  });
});
