import { describe, expect, it } from 'vitest';
import { freeUnits, isCapable } from '#domain/agent/agent';
import { endWork, takeWork } from '#domain/agent/agent-change';
import { heartbeat } from '#domain/agent/heartbeat';
import { registerAgain, registerNew } from '#domain/agent/register';
import { NOON } from '#test/support/a-session';
import { anAgent, aRegistration } from '#test/support/an-agent';

const work = { id: 'ASSIGNMENT', sessionId: 'SESSION', fencingToken: 3 };
const owner = { id: 'KEY', isLead: false };

describe('an agent', () => {
  it('has as many free units as its capacity leaves', () => {
    expect(freeUnits(anAgent({ maxConcurrentTasks: 3, reserved: 1 }))).toBe(2);
    expect(freeUnits(anAgent({ maxConcurrentTasks: 1, reserved: 2 }))).toBe(0);
    expect(freeUnits(anAgent({ status: 'degraded', maxConcurrentTasks: 5 }))).toBe(1);
    for (const busy of [{ status: 'busy' }, { status: 'offline' }, { reportedLoad: 1 }] as const)
      expect(freeUnits(anAgent(busy))).toBe(0);
  });

  it('is capable when it has every capability that is required', () => {
    const agent = anAgent({ capabilities: ['debugging', 'testing'] });
    expect(isCapable(agent, [])).toBe(true);
    expect(isCapable(agent, ['testing'])).toBe(true);
    expect(isCapable(agent, ['testing', 'scaling'])).toBe(false);
  });

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
      internal: { wake: ['SESSION'] },
    });
    expect(endWork(ended.after, work, 'cancelled', 0, NOON, false).events[0]).not.toHaveProperty('internal');
    expect(endWork(ended.after, work, 'cancelled', 0, NOON).after.reserved).toBe(0);
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
    expect(heartbeat(well.after, { status: 'healthy', currentLoad: 0, at: NOON }).events).toEqual([]);
  });
});

describe('a registration', () => {
  it('of a new name makes an agent that is not verified yet', () => {
    const { before, after, events } = registerNew(aRegistration(), {
      tenantId: 'TENANT',
      id: 'AGENT',
      tokenId: 'one',
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

  const again = { tokenId: 'two', by: owner, replace: true, at: NOON };

  it('of a known name keeps the id and ends the older token', () => {
    const { after } = registerAgain(anAgent({ generation: 3 }), aRegistration({ maxConcurrentTasks: 9 }), again);
    expect(after).toMatchObject({
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
});
