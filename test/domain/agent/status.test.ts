import { describe, expect, it } from 'vitest';
import { HEARTBEAT_STATUSES, heartbeat } from '#domain/agent/heartbeat';
import { lookForLife, statusAt } from '#domain/agent/silence';
import { AGENT_STATUSES, type AgentStatus, isLegalAgentMove } from '#domain/agent/status';
import { NOON } from '#test/support/a-session';
import { anAgent } from '#test/support/an-agent';

/** The table of legal moves, written down a second time. */
const LEGAL: Readonly<Record<AgentStatus, string>> = {
  registered: 'online degraded busy offline draining deregistered',
  online: 'degraded busy offline draining deregistered',
  degraded: 'online busy offline draining deregistered',
  busy: 'online degraded offline draining deregistered',
  offline: 'online degraded busy forgotten draining deregistered',
  forgotten: 'online degraded busy offline draining deregistered',
  draining: 'deregistered',
  deregistered: 'registered',
};
const pairs = AGENT_STATUSES.flatMap((from) => AGENT_STATUSES.map((to) => ({ from, to })));
const seconds = (count: number) => Date.parse(NOON) + count * 1000;
const at = (count: number) => new Date(seconds(count)).toISOString();

describe('the status of an agent', () => {
  it('has 8 values and 64 pairs', () => {
    expect(pairs).toHaveLength(64);
  });

  it.each(pairs)('$from → $to', ({ from, to }) => {
    expect(isLegalAgentMove(from, to)).toBe(LEGAL[from].split(' ').includes(to));
  });

  const said = { healthy: 'online', degraded: 'degraded', busy: 'busy', offline: 'offline' } as const;
  const beats = AGENT_STATUSES.flatMap((from) => HEARTBEAT_STATUSES.map((status) => ({ from, status })));
  it.each(beats)('$from hears $status', ({ from, status }) => {
    const { after, events } = heartbeat(anAgent({ status: from }), { status, currentLoad: 0.5, at: at(1) });
    const moves = LEGAL[from].split(' ').includes(said[status]);
    expect(after).toMatchObject({ status: moves ? said[status] : from, reportedLoad: 0.5, lastHeartbeatAt: at(1) });
    expect(events).toHaveLength(moves ? 1 : 0);
  });
});

describe('silence', () => {
  it.each(['registered', 'online', 'degraded', 'busy'] as const)(
    'makes an agent that is %s offline after 90 s and forgotten after 300 s',
    (status) => {
      const agent = anAgent({ status });
      expect(statusAt(agent, seconds(89.999))).toBe(status);
      expect(statusAt(agent, seconds(90))).toBe('offline');
      expect(statusAt(agent, seconds(299.999))).toBe('offline');
      expect(statusAt(agent, seconds(300))).toBe('forgotten');
    },
  );

  it('makes an agent that said it is offline forgotten after 300 s', () => {
    const agent = anAgent({ status: 'offline' });
    expect(statusAt(agent, seconds(299.999))).toBe('offline');
    expect(statusAt(agent, seconds(300))).toBe('forgotten');
  });

  it.each(['forgotten', 'draining', 'deregistered'] as const)('changes nothing about an agent that is %s', (status) => {
    expect(statusAt(anAgent({ status }), seconds(10_000))).toBe(status);
    expect(lookForLife(anAgent({ status, dueAt: NOON }), seconds(10_000))).toMatchObject({
      after: { status, dueAt: undefined },
      events: [],
    });
  });

  it('is written down one move at a time, each with its event and the time of the next look', () => {
    const offline = lookForLife(anAgent({ dueAt: at(90) }), seconds(400));
    expect(offline.after).toMatchObject({ status: 'offline', statusReason: 'silence', dueAt: at(300), version: 2 });
    expect(offline.events).toMatchObject([
      {
        type: 'agent.status_changed',
        payload: { old_status: 'online', new_status: 'offline', reason: 'silence' },
      },
    ]);
    const forgotten = lookForLife(offline.after, seconds(400));
    expect(forgotten.after).toMatchObject({ status: 'forgotten', dueAt: undefined, version: 3 });
    expect(forgotten.events).toMatchObject([{ payload: { old_status: 'offline', new_status: 'forgotten' } }]);
  });

  it('that was broken since the look was planned only says when to look again', () => {
    const { after, events } = lookForLife(anAgent({ lastSeenAt: at(60), dueAt: at(90) }), seconds(95));
    expect(after).toMatchObject({ status: 'online', dueAt: at(150), version: 1 });
    expect(events).toEqual([]);
  });

  it.each(['offline', 'forgotten'] as const)(
    'ends with a heartbeat: an agent that was %s is back with id, name and history',
    (status) => {
      const silent = anAgent({ status, dueAt: at(300), version: 7, reserved: 1 });
      const { after } = heartbeat(silent, { status: 'healthy', currentLoad: 0, at: at(1000) });
      const { id, name, createdAt } = silent;
      expect(after).toMatchObject({ id, name, createdAt, status: 'online', reserved: 1, version: 8, dueAt: at(1090) });
    },
  );

  it('is looked for as planned while heartbeats change nothing', () => {
    const { after } = heartbeat(anAgent({ dueAt: at(90) }), { status: 'healthy', currentLoad: 0, at: at(30) });
    expect(after.dueAt).toBe(at(90));
  });
});
