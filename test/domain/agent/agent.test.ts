import { describe, expect, it } from 'vitest';
import { endWork, routeWork, takeWork, unrouteWork } from '#domain/agent/agent-change';
import { heartbeat, signOfLife } from '#domain/agent/heartbeat';
import { registerAgain, registerNew } from '#domain/agent/register';
import { NOON } from '#test/support/a-session';
import { anAgent, aRegistration } from '#test/support/an-agent';

const work = { id: 'ASSIGNMENT', sessionId: 'SESSION', fencingToken: 3 };
const half = '2026-05-04T12:00:30.000Z';
const owner = { id: 'KEY', isLead: false };

describe('an agent', () => {
  it('takes a unit with its work and gives it back with its end, which wakes the session', () => {
    const taken = takeWork(anAgent({ version: 4 }), work, NOON);
    expect(taken.after).toMatchObject({ reserved: 1, version: 5 });
    expect(taken.events).toMatchObject([
      { seq: 5, stream: 'agent:AGENT', type: 'agent.task_assigned', payload: { fencing_token: 3 } },
    ]);
    const ended = endWork(taken.after, work, 'completed', 250, NOON);
    expect(ended.after.reserved).toBe(0);
    expect(ended.events[0]).toMatchObject({
      seq: 6,
      payload: { outcome: 'completed', duration_ms: 250 },
      internal: { consumers: ['place-work', 'wake'], wake: ['SESSION'] },
    });
    const unheard = endWork(ended.after, work, 'cancelled', 0, NOON, false);
    expect(unheard.events[0]?.internal).toEqual({ consumers: ['place-work'] });
    expect(endWork(ended.after, work, 'cancelled', 0, NOON).after.reserved).toBe(0);
  });

  it('has a unit reserved for work that is routed to it, and takes no other for that work', () => {
    const { after: routed, events } = routeWork(anAgent({ reserved: 1 }), NOON);
    expect(routed).toMatchObject({ reserved: 2, routed: 1, version: 1 });
    expect(events).toEqual([]);
    expect(takeWork(routed, work, NOON, { isRouted: true }).after).toMatchObject({ reserved: 2, routed: 0 });
    expect(takeWork(routed, work, NOON).after).toMatchObject({ reserved: 3, routed: 1 });
    expect(unrouteWork(routed).after).toMatchObject({ reserved: 1, routed: 0 });
    expect(unrouteWork(anAgent()).after).toMatchObject({ reserved: 0, routed: 0 });
  });

  it('has shown by its first call that it can be reached, and by every one that it lives, of which one in 30 s is kept', () => {
    const later = '2026-05-04T12:00:10.000Z';
    const asks = { asksForWork: true };
    expect(signOfLife(anAgent({ verified: false }), later, asks)?.after).toMatchObject({
      verified: true,
      verifiedAt: later,
      lastSeenAt: later,
      version: 1,
    });
    expect(signOfLife(anAgent(), later, asks)).toBeUndefined();
    expect(signOfLife(anAgent(), '2026-05-04T12:00:29.999Z', asks)).toBeUndefined();
    expect(signOfLife(anAgent({ verifiedAt: NOON }), half, asks)?.after).toMatchObject({
      lastSeenAt: half,
      verifiedAt: NOON,
    });
    const other = { asksForWork: false };
    expect(signOfLife(anAgent({ verified: false }), later, other)).toBeUndefined();
    expect(signOfLife(anAgent({ verified: false }), half, other)?.after).toMatchObject({
      lastSeenAt: half,
      verified: false,
    });
  });

  it.each(['offline', 'forgotten'] as const)('that counts as %s is looked at again 90 s after a call', (status) => {
    const later = '2026-05-04T12:10:00.000Z';
    const seen = signOfLife(anAgent({ status, dueAt: undefined }), later, { asksForWork: false });
    expect(seen?.after).toMatchObject({ status, dueAt: '2026-05-04T12:11:30.000Z' });
    expect(signOfLife(anAgent({ dueAt: half }), later, { asksForWork: false })?.after.dueAt).toBe(half);
  });

  it('announces a heartbeat only when it changes the status', () => {
    const well = heartbeat(anAgent({ status: 'registered', version: 1 }), {
      status: 'healthy',
      currentLoad: 0.4,
      at: NOON,
    });
    expect(well.after).toMatchObject({ status: 'online', reportedLoad: 0.4, lastHeartbeatAt: NOON, version: 2 });
    expect(well.events).toMatchObject([
      { type: 'agent.status_changed', payload: { old_status: 'registered', new_status: 'online' } },
    ]);
    expect(heartbeat(well.after, { status: 'healthy', currentLoad: 0, at: half }).events).toEqual([]);
  });

  it('may say goodbye at any time, once', () => {
    const online = heartbeat(anAgent(), { status: 'healthy', currentLoad: 0, at: NOON }).after;
    const goodbye = { status: 'offline', currentLoad: 0, at: NOON } as const;
    const { after } = heartbeat(online, goodbye);
    expect(after.status).toBe('offline');
    expect(() => heartbeat(after, goodbye)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  });

  it('may tell how it is every 5 s and not faster', () => {
    const beat = (at: string) =>
      heartbeat(anAgent({ lastHeartbeatAt: NOON }), { status: 'healthy', currentLoad: 0, at });
    expect(() => beat('2026-05-04T12:00:04.999Z')).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', extras: { retry_after_seconds: 1 } }),
    );
    expect(() => beat(NOON)).toThrow(expect.objectContaining({ extras: { retry_after_seconds: 5 } }));
    expect(beat('2026-05-04T12:00:05.000Z').after.lastHeartbeatAt).toBe('2026-05-04T12:00:05.000Z');
  });

  it.each([
    ['2026-05-04T12:05:00.000Z', undefined],
    ['2026-05-04T12:05:01.000Z', 301],
    ['2026-05-04T11:50:00.000Z', -600],
    ['2026-05-04T14:00:30.000+02:00', undefined],
  ])('whose clock says %s at noon is off by %s', (timestamp, clockSkewSeconds) => {
    const beat = { status: 'healthy', currentLoad: 0, at: NOON } as const;
    const { after } = heartbeat(anAgent({ clockSkewSeconds: 999 }), { ...beat, timestamp });
    expect(after.clockSkewSeconds).toBe(clockSkewSeconds);
    expect(heartbeat(anAgent({ clockSkewSeconds: 999 }), beat).after.clockSkewSeconds).toBe(999);
  });
});

describe('a registration', () => {
  it('of a new name makes an agent that is not verified yet', () => {
    const { before, after, events } = registerNew(aRegistration(), {
      tenantId: 'TENANT',
      id: 'AGENT',
      tokenId: 'one',
      tokenExpiresAt: NOON,
      by: owner,
      at: NOON,
    });
    expect(before).toBeNull();
    expect(after).toMatchObject({
      version: 1,
      generation: 1,
      verified: false,
      status: 'registered',
      registeredBy: 'KEY',
    });
    expect(events[0]).toMatchObject({
      type: 'agent.registered',
      payload: { name: 'RUNNER', delivery: 'pull', is_external: true },
    });
  });

  const again = { tokenId: 'two', tokenExpiresAt: NOON, by: owner, replace: true, at: NOON };

  it('of a known name keeps the id and ends the older token', () => {
    const known = anAgent({ generation: 3, lastHeartbeatAt: NOON, clockSkewSeconds: 900 });
    const { after } = registerAgain(known, aRegistration({ maxConcurrentTasks: 9 }), again);
    expect(after).toMatchObject({
      lastHeartbeatAt: undefined,
      clockSkewSeconds: undefined,
      id: 'AGENT',
      generation: 4,
      tokenId: 'two',
      status: 'registered',
      verified: false,
      maxConcurrentTasks: 9,
    });
  });

  it('takes a name over from an agent that is offline without being told to', () => {
    expect(
      registerAgain(anAgent({ status: 'offline' }), aRegistration(), { ...again, replace: false }).after.generation,
    ).toBe(2);
  });

  it('is refused while the agent is there, or to a stranger who is no lead', () => {
    expect(() => registerAgain(anAgent(), aRegistration(), { ...again, replace: false })).toThrow('RUNNER');
    const stranger = { id: 'OTHER', isLead: false };
    expect(() => registerAgain(anAgent(), aRegistration(), { ...again, by: stranger })).toThrow('RUNNER');
    expect(
      registerAgain(anAgent(), aRegistration(), { ...again, by: { ...stranger, isLead: true } }).after.generation,
    ).toBe(2);
  });

  it('that names the token it replaces leaves any other registration alone', () => {
    const agent = anAgent({ tokenId: 'current' });
    const naming = (replaceTokenId: string, of = agent) =>
      registerAgain(of, aRegistration(), { ...again, replaceTokenId }).after.generation;
    expect(naming('current')).toBe(2);
    expect(() => naming('older')).toThrow('RUNNER');
    expect(naming('older', anAgent({ status: 'offline' }))).toBe(2);
  });
});
