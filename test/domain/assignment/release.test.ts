import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grown } from '#domain/assignment/apply-events';
import { AssignmentClosed, StaleFencingToken } from '#domain/assignment/errors';
import { requireHolder } from '#domain/assignment/fence';
import { claim, renew } from '#domain/assignment/lease';
import { isReleasedBy, release } from '#domain/assignment/release';
import { NotFound } from '#domain/errors';
import { noUsage, startClock, waitForAgentAgain } from '#domain/session/live';
import { NOON, someLive } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

const noon = Date.parse(NOON);
const grantTo = (agentId: string) => ({ agentId, leaseSeconds: 120, deadlineAt: NOON, now: noon });
const released = release(claim(aWorkItem({ queueKey: 'place' }), grantTo('AGENT')), NOON);

describe('work that was given back', () => {
  it('waits where it waited before, with nothing left of its grant but the fencing token', () => {
    expect(released).toMatchObject({ state: 'pending', queueKey: 'place', fencingToken: 1, lastEventSeq: 0 });
    for (const gone of ['agentId', 'leaseUntil', 'deadlineAt', 'claimedAt'] as const) {
      expect(released[gone]).toBeUndefined();
    }
  });

  it('is looked at when its wait for the next agent is over', () => {
    const until = '2026-05-04T13:01:00.000Z';
    expect(release(claim(aWorkItem(), grantTo('AGENT')), until)).toMatchObject({ waitUntil: until, dueAt: until });
  });

  it('has a higher fencing token with every grant, however often it goes back and forth', () => {
    const grants = fc.array(fc.record({ agent: fc.constantFrom('A', 'B'), renewed: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(grants, (history) => {
        let assignment = aWorkItem();
        for (const [index, { agent, renewed }] of history.entries()) {
          const held = claim(assignment, grantTo(agent));
          expect(held.fencingToken).toBe(index + 1);
          assignment = release(renewed ? renew(held, noon + 60_000) : held, NOON);
          expect(assignment.fencingToken).toBe(index + 1);
        }
      }),
    );
  });

  it('is known as given back by its last agent under that grant, until somebody else has it', () => {
    expect(isReleasedBy(released, 'AGENT', 1)).toBe(true);
    expect(isReleasedBy(released, 'AGENT', 0)).toBe(false);
    expect(isReleasedBy(released, 'OTHER', 1)).toBe(false);
    expect(isReleasedBy(claim(released, grantTo('AGENT')), 'AGENT', 1)).toBe(false);
  });

  it('is closed to the agent that gave it back, stale once granted again, and unknown to everybody else', () => {
    const elsewhere = claim(released, grantTo('OTHER'));
    expect(() => requireHolder(released, 'AGENT')).toThrow(AssignmentClosed);
    expect(() => requireHolder(elsewhere, 'AGENT')).toThrow(StaleFencingToken);
    expect(() => requireHolder(elsewhere, 'OTHER')).not.toThrow();
    expect(() => requireHolder(released, 'OTHER')).toThrow(NotFound);
  });
});

describe('an attempt whose work was given back', () => {
  const working = { ...startClock(someLive(), 3600, noon), agentId: 'AGENT', progress: { percent: 50, at: NOON } };
  const used = { ...noUsage, inputTokens: 100, costUsd: 1 };

  it('waits for an agent; its clock stands and its deadline is gone', () => {
    const waiting = waitForAgentAgain(working, noon + 10_000);
    expect(waiting).toMatchObject({ activity: 'waiting_for_agent', activeSeconds: 10 });
    for (const gone of ['agentId', 'deadlineAt', 'clockStartedAt', 'progress'])
      expect(waiting).not.toHaveProperty(gone);
  });

  it('adds up what its agents used, each counting from zero', () => {
    const waiting = waitForAgentAgain({ ...working, usage: used }, noon);
    expect(grown(waiting, noUsage)).toEqual(used);
    const total = grown(waiting, { ...noUsage, inputTokens: 30, apiCalls: 2 });
    expect(total).toMatchObject({ inputTokens: 130, costUsd: 1, apiCalls: 2 });
    expect(grown({ ...waiting, usage: total }, { ...noUsage, inputTokens: 10 })).toEqual(total);
  });
});
