import { describe, expect, it } from 'vitest';
import { isKeptForAnother, whyNotClaimable } from '#domain/routing/claimable';
import { queueKey } from '#domain/routing/dispatch-queue';
import { agentsNamed, requestOfSession, technologiesOf } from '#domain/routing/routing-request';
import { SESSION_TYPES } from '#domain/session/session';
import { aSession, NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const seconds = (count: number) => Date.parse(NOON) + count * 1000;
const at = (count: number) => new Date(seconds(count)).toISOString();

describe('the dispatch queue', () => {
  it('is in the order of ready time minus head start, then of id', () => {
    const keys = {
      low: queueKey(seconds(0), 'low', 'a'),
      medium: queueKey(seconds(10), 'medium', 'b'),
      critical: queueKey(seconds(80), 'critical', 'c'),
      deferred: queueKey(seconds(0), 'deferred', 'd'),
      high: queueKey(seconds(0), 'high', 'e'),
      twin: queueKey(seconds(0), 'high', 'f'),
    };
    const order = Object.entries(keys).sort(([, a], [, b]) => (a < b ? -1 : 1));
    expect(order.map(([name]) => name)).toEqual(['high', 'twin', 'medium', 'critical', 'low', 'deferred']);
  });
});

describe('work that is routed', () => {
  const routed = aWorkItem({ routedAgentId: 'ONE', routedAt: NOON });

  it('is kept for its agent for 10 s', () => {
    expect(isKeptForAnother(routed, 'ONE', seconds(1))).toBe(false);
    expect(isKeptForAnother(routed, 'TWO', seconds(9.999))).toBe(true);
    expect(isKeptForAnother(routed, 'TWO', seconds(10))).toBe(false);
    expect(isKeptForAnother(aWorkItem(), 'TWO', seconds(0))).toBe(false);
  });

  it('needs no further unit of its agent, but what is in its hands counts', () => {
    const full = { id: 'ONE', maxConcurrentTasks: 1, reserved: 1, routed: 1 };
    expect(whyNotClaimable(anAgent(full), routed, seconds(0))).toBeUndefined();
    expect(whyNotClaimable(anAgent({ ...full, id: 'TWO' }), routed, seconds(0))).toBe('capacity');
    expect(
      whyNotClaimable(anAgent({ ...full, maxConcurrentTasks: 5, reserved: 2, status: 'degraded' }), routed, 0),
    ).toBe('capacity');
  });
});

describe('an agent may claim', () => {
  it.each([
    ['reachable', { status: 'busy' }, {}],
    ['registered', { lastSeenAt: at(-300) }, {}],
    ['capable', {}, { requiredCapabilities: ['security_audit'] }],
    ['allowed', {}, { excludedAgentId: 'AGENT', excludedUntil: at(1) }],
    [undefined, {}, { excludedAgentId: 'AGENT', excludedUntil: at(0) }],
    [undefined, {}, { excludedAgentId: 'OTHER', excludedUntil: at(1) }],
    [undefined, {}, { technologies: ['typescript'] }],
  ] as const)('unless it fails a stage: %s for %j and %j', (stage, agent, work) => {
    expect(whyNotClaimable(anAgent(agent), aWorkItem(work), seconds(0))).toBe(stage);
  });
});

describe('the request of a session', () => {
  it('prefers the type of agent that its type asks for', () => {
    const types = SESSION_TYPES.map(
      (sessionType) => requestOfSession(aSession({ sessionType }), []).preferredAgentType,
    );
    expect(types).toEqual(['architect', 'implementer', 'reviewer', 'debugger', 'integrator']);
  });

  it('names what its tags say of technologies, in lower case', () => {
    expect(technologiesOf({ tags: ['tech:TypeScript', 'urgent', 'tech:react'] })).toEqual(['typescript', 'react']);
  });

  it('prefers the agents that its configuration names', () => {
    const agents = ['ONE', 'TWO', 'THREE'].map((name) => ({ id: `id of ${name}`, name }));
    expect(agentsNamed({ default_agent: 'TWO', ONE: {}, four: 4 }, agents)).toEqual(['id of ONE', 'id of TWO']);
    expect(agentsNamed({}, agents)).toEqual([]);
  });

  it('prefers the agent of the newest checkpoint, too', () => {
    const latestCheckpoint = { checkpointId: 'C', sequence: 1, attempt: 1, createdAt: NOON, createdBy: 'TWO' };
    const session = aSession({ latestCheckpoint });
    expect(requestOfSession(session, ['ONE']).preferredAgentIds).toEqual(['TWO', 'ONE']);
    const { createdBy: _by, ...older } = latestCheckpoint;
    expect(requestOfSession(aSession({ latestCheckpoint: older }), ['ONE']).preferredAgentIds).toEqual(['ONE']);
  });

  it('excludes whom it is told to', () => {
    expect(requestOfSession(aSession(), ['ONE'], ['TWO'])).toMatchObject({
      match: 'all',
      preferredAgentIds: ['ONE'],
      excludeAgentIds: ['TWO'],
    });
  });
});
