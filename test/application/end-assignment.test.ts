import { describe, expect, it } from 'vitest';
import { endAssignment } from '#application/end-assignment';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';
import { aWorld } from '#test/support/world';

const later = new Date(Date.parse(NOON) + 2000).toISOString();
const ended = { ending: 'expired', at: later } as const;

/** A tenant whose agent has one unit reserved. */
const withAgent = async () => {
  const world = await aWorld();
  await world.store.commit([{ kind: 'agent', before: null, after: anAgent({ reserved: 1 }) }]);
  return world;
};

describe('ending an assignment', () => {
  it('that has ended already changes nothing', async () => {
    expect(await endAssignment(await withAgent(), aWorkItem({ state: 'completed', agentId: 'AGENT' }), ended)).toEqual(
      [],
    );
  });

  it('that nobody claimed touches no agent', async () => {
    const writes = await endAssignment(await withAgent(), aWorkItem(), ended);
    expect(writes).toMatchObject([{ kind: 'assignment', after: { state: 'expired', endedAt: later } }]);
  });

  it('gives the unit back, and tells how long it took and whom to wake', async () => {
    const claimed = aWorkItem({ state: 'claimed', agentId: 'AGENT', claimedAt: NOON });
    const writes = await endAssignment(await withAgent(), claimed, ended);
    expect(writes).toMatchObject([
      { kind: 'assignment' },
      { kind: 'agent', after: { reserved: 0 } },
      { kind: 'event', event: { payload: { duration_ms: 2000 }, internal: { wake: ['SESSION'] } } },
    ]);
  });

  it('wakes nobody when its caller does', async () => {
    const claimed = aWorkItem({ state: 'claimed', agentId: 'AGENT', claimedAt: NOON });
    const writes = await endAssignment(await withAgent(), claimed, { ...ended, wakes: false });
    expect(writes.at(-1)).toMatchObject({ event: { internal: { consumers: ['place-work'] } } });
    expect(writes.at(-1)).not.toHaveProperty('event.internal.wake');
  });

  it('of which nobody knows when it was claimed took no time', async () => {
    const claimed = aWorkItem({ state: 'claimed', agentId: 'AGENT' });
    const writes = await endAssignment(await withAgent(), claimed, ended);
    expect(writes.at(-1)).toMatchObject({ event: { payload: { duration_ms: 0 } } });
  });
});
