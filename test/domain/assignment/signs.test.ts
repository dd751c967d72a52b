import { describe, expect, it } from 'vitest';
import { release } from '#domain/assignment/release';
import { hasSign, hearCall, missAgent, signsAtGrant, signsOf, wordSince } from '#domain/assignment/signs';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const start = Date.parse(NOON);
const later = (seconds: number) => start + seconds * 1000;
const iso = (seconds: number) => new Date(later(seconds)).toISOString();
const work = aWorkItem({ state: 'claimed', agentId: 'AGENT', claimedAt: NOON, leaseSeconds: 120 });
const reasons = (assignment: Parameters<typeof signsOf>[0]) => signsOf(assignment).map(({ reason }) => reason);
const weak = hearCall(work, { now: later(1), word: { status: 'degraded', detail: 'slow' } });

describe('a call of an agent', () => {
  it('that says nothing new leaves its work as it is', () => {
    expect(hearCall(work, { now: later(100) })).toBe(work);
    expect(hearCall(work, { now: later(100), word: { status: 'healthy' }, hasCheckpoint: true })).toBe(work);
    expect(hearCall(weak, { now: later(9), word: { status: 'degraded' } })).toBe(weak);
    expect(hearCall(weak, { now: later(9) })).toBe(weak);
  });

  it('says that it is degraded, and later that it is well', () => {
    expect(signsOf(weak)).toEqual([{ reason: 'agent_degraded', since: iso(1), detail: 'slow' }]);
    expect(hasSign(hearCall(weak, { now: later(2), word: { status: 'healthy' } }))).toBe(false);
  });

  it('ends its silence, and nothing else', () => {
    const silent = missAgent(weak, later(91));
    expect(reasons(silent)).toEqual(['agent_degraded', 'agent_unresponsive']);
    expect(missAgent(silent, later(150))).toBe(silent);
    expect(reasons(hearCall(silent, { now: later(95) }))).toEqual(['agent_degraded']);
  });

  it('shows after 60 s, or by a checkpoint, that it has settled in with work that it took over', () => {
    const tookOver = signsAtGrant({ ...work, excludedAgentId: 'LOST' }, anAgent());
    expect(signsOf(tookOver)).toEqual([{ reason: 'fallback_agent', since: NOON }]);
    expect(hearCall(tookOver, { now: later(59.999) })).toBe(tookOver);
    expect(hasSign(hearCall(tookOver, { now: later(60) }))).toBe(false);
    expect(hasSign(hearCall(tookOver, { now: later(1), hasCheckpoint: true }))).toBe(false);
  });
});

describe('granted work', () => {
  it('shows no sign when a healthy agent gets it', () => {
    expect(signsOf(signsAtGrant(work, anAgent()))).toEqual([]);
  });

  it('shows that its agent is degraded already, and then that it took over', () => {
    const agent = anAgent({ status: 'degraded' });
    expect(reasons(signsAtGrant(work, agent))).toEqual(['agent_degraded']);
    expect(reasons(signsAtGrant({ ...work, excludedAgentId: 'LOST' }, agent))).toEqual([
      'agent_degraded',
      'fallback_agent',
    ]);
  });

  it('was taken over by another agent only: not by the lost one itself, not after somebody gave it back', () => {
    const { claimedAt: _, ...pending } = work;
    expect(signsOf(signsAtGrant({ ...pending, excludedAgentId: 'AGENT' }, anAgent()))).toEqual([]);
    expect(signsOf(signsAtGrant({ ...work, excludedAgentId: 'LOST', releasedBy: 'OTHER' }, anAgent()))).toEqual([]);
  });

  it('shows nothing any more once it is given back', () => {
    expect(hasSign(release(weak, iso(5)))).toBe(false);
  });
});

describe('what an agent has said by heartbeat', () => {
  const healthy = anAgent({ status: 'online', lastHeartbeatAt: iso(2) });

  it('counts when it says that it is well after its work had shown the opposite', () => {
    expect(wordSince(weak, healthy)).toEqual({ status: 'healthy' });
    expect(wordSince(weak, { ...healthy, lastHeartbeatAt: iso(1) })).toBeUndefined();
    expect(wordSince(weak, anAgent())).toBeUndefined();
    expect(wordSince(weak, { ...healthy, status: 'busy' })).toBeUndefined();
    expect(wordSince(missAgent(work, later(1)), healthy)).toBeUndefined();
  });
});
