import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenDirectives, tokenExpiry } from '#domain/agent/token-life';
import { callOff, directivesOf, mayAcknowledge } from '#domain/assignment/directive';
import { claim, close } from '#domain/assignment/lease';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const noon = Date.parse(NOON);
const at = (seconds: number) => noon + seconds * 1000;
const DAY = 24 * 3600;
const claimed = claim(aWorkItem(), { agentId: 'AGENT', leaseSeconds: 120, deadlineAt: NOON, now: noon });
const calledOff = close({ ...claimed, ...callOff(claimed, noon, 'not needed') }, 'cancelled', NOON);
const acknowledged = { ...calledOff, resultDigest: 'digest' };

describe('called-off work', () => {
  it('gives its agent 30 seconds to stop, and says why', () => {
    expect(directivesOf(calledOff, noon)).toEqual([
      { type: 'cancel', assignmentId: 'ASSIGNMENT', reason: 'not needed', deadlineAt: '2026-05-04T12:00:30.000Z' },
    ]);
    expect(callOff(claimed, noon)).toMatchObject({ cancellation: { reason: 'the session was cancelled' } });
  });

  it('that no agent had tells nobody', () => {
    expect(callOff(aWorkItem(), noon)).toEqual({});
  });

  it('is told of again and again, until its result came or for a day', () => {
    expect(directivesOf(calledOff, at(DAY - 1))).toHaveLength(1);
    expect(directivesOf(calledOff, at(DAY))).toEqual([]);
    expect(directivesOf(acknowledged, noon)).toEqual([]);
  });

  it('is acknowledged by its newest agent only, until the 30 seconds are over', () => {
    expect(mayAcknowledge(calledOff, 1, at(29.999))).toBe(true);
    expect(mayAcknowledge(calledOff, 1, at(30))).toBe(false);
    expect(mayAcknowledge(calledOff, 0, noon)).toBe(false);
    expect(mayAcknowledge(acknowledged, 1, noon)).toBe(false);
  });

  it('is the only kind that is acknowledged, at any time and with any token', () => {
    const ends = fc.constantFrom('completed', 'failed', 'cancelled', 'expired');
    fc.assert(
      fc.property(ends, fc.nat(3), fc.nat(2 * DAY), (end, token, seconds) => {
        for (const assignment of [claimed, close(claimed, end, NOON)]) {
          expect(directivesOf(assignment, at(seconds))).toEqual([]);
          expect(mayAcknowledge(assignment, token, at(seconds))).toBe(false);
        }
      }),
    );
  });

  it('is told of whenever it may be acknowledged', () => {
    fc.assert(
      fc.property(fc.nat(2 * DAY), (seconds) => {
        const told = directivesOf(calledOff, at(seconds)).length > 0;
        expect(mayAcknowledge(calledOff, 1, at(seconds)) && !told).toBe(false);
      }),
    );
  });
});

describe('the token of an agent', () => {
  const agent = anAgent({ tokenExpiresAt: tokenExpiry(noon) });

  it('lives for 90 days, and is to be rotated in the last 7 of them', () => {
    expect(agent.tokenExpiresAt).toBe('2026-08-02T12:00:00.000Z');
    expect(tokenDirectives(agent, at(83 * DAY))).toEqual([]);
    expect(tokenDirectives(agent, at(83 * DAY + 1))).toEqual([
      { type: 'rotate_token', deadlineAt: agent.tokenExpiresAt },
    ]);
  });

  it('whose end is not known is left alone', () => {
    expect(tokenDirectives(anAgent(), at(1000 * DAY))).toEqual([]);
  });
});
