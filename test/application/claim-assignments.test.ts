import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { aWorld, LEASE_SECONDS } from '#test/support/world';

const idsOf = (claimed: { granted: readonly { session: { id: string } }[] }) =>
  claimed.granted.map(({ session }) => session.id);

describe('claiming work', () => {
  it('grants the first of the queue with a lease, a fencing token and all an agent needs to begin', async () => {
    const { running, agent, claim, store, clock } = await aWorld();
    const first = await running({ input: { prompt: 'Count.' }, maxDurationSeconds: 600 });
    clock.advance(1);
    await running();
    const { id } = await agent();
    const { granted, moreWaits, reason } = await claim(id);
    expect(granted).toMatchObject([
      {
        assignment: { state: 'claimed', agentId: id, fencingToken: 1 },
        session: { id: first.id },
        input: { prompt: 'Count.' },
      },
    ]);
    const inSeconds = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();
    expect(granted[0]?.assignment).toMatchObject({ leaseUntil: inSeconds(LEASE_SECONDS), deadlineAt: inSeconds(600) });
    expect(moreWaits).toBe(true);
    expect(reason).toBeUndefined();
    expect(await store.findLive(first.id)).toMatchObject({ activity: 'working', agentId: id });
    expect(await store.getAgent(id)).toMatchObject({ reserved: 1, verified: true });
  });

  it('grants no more than was asked for, and no more than there is', async () => {
    const { running, agent, claim } = await aWorld();
    for (let made = 0; made < 3; made++) await running();
    const { id } = await agent({ maxConcurrentTasks: 5 });
    expect(await claim(id, { maxAssignments: 2 })).toMatchObject({ granted: [{}, {}], moreWaits: true });
    expect(await claim(id, { maxAssignments: 2 })).toMatchObject({ granted: [{}], moreWaits: false });
    expect(await claim(id)).toMatchObject({ granted: [], moreWaits: false });
  });

  it('grants as much as one answer holds, at least one, and leaves the rest to the next', async () => {
    const { running, agent, claim, everything } = await aWorld();
    for (let made = 0; made < 4; made++) await running();
    const { id } = await agent({ maxConcurrentTasks: 5 });
    const megabytes = (size: number) => ({ maxAssignments: 5, sizeOf: () => size * 1024 * 1024 });
    expect(await claim(id, megabytes(1.5))).toMatchObject({ granted: [{}, {}], moreWaits: true });
    expect(await claim(id, megabytes(5))).toMatchObject({ granted: [{}], moreWaits: true });
    expect(await claim(id, megabytes(4))).toMatchObject({ granted: [{}], moreWaits: false });
    const before = everything();
    expect(await claim(id, megabytes(1))).toMatchObject({ granted: [] });
    expect(everything()).toEqual(before);
  });

  it('by twenty at once grants each piece of work once, and never more than the agent can take', async () => {
    const { running, agent, claim, store, items } = await aWorld();
    for (let made = 0; made < 5; made++) await running();
    const { id } = await agent({ maxConcurrentTasks: 3 });
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(id)));
    const granted = claims.flatMap(idsOf);
    expect(granted).toHaveLength(3);
    expect(new Set(granted).size).toBe(3);
    expect(await store.getAgent(id)).toMatchObject({ reserved: 3 });
    expect(items('assignment').filter(({ state }) => state === 'claimed')).toHaveLength(3);
  });

  it('passes over work that needs what the agent cannot do', async () => {
    const { running, agent, claim } = await aWorld();
    await running({ requiredCapabilities: ['security_audit'] });
    const fitting = await running({ requiredCapabilities: ['testing'] });
    const { id } = await agent({ capabilities: ['testing', 'code_generation'] });
    const claimed = await claim(id, { maxAssignments: 2 });
    expect(idsOf(claimed)).toEqual([fitting.id]);
    expect(claimed.moreWaits).toBe(true);
  });

  it('gives a degraded agent one at a time', async () => {
    const { running, agent, claim, recordHeartbeat, submit } = await aWorld();
    await running();
    await running();
    const { id } = await agent({ maxConcurrentTasks: 5 });
    await recordHeartbeat({ agentId: id, status: 'degraded', currentLoad: 0, leases: [] });
    const [granted] = (await claim(id, { maxAssignments: 5 })).granted;
    expect(await claim(id)).toMatchObject({ granted: [], reason: 'no_free_unit' });
    await submit(granted ?? expect.fail());
    expect((await claim(id)).granted).toHaveLength(1);
  });

  it.each([
    ['busy', 0, 'no_free_unit'],
    ['offline', 0, 'offline'],
    ['healthy', 1, 'no_free_unit'],
  ] as const)('gives nothing to an agent that says it is %s with load %s', async (status, currentLoad, reason) => {
    const { running, agent, claim, recordHeartbeat } = await aWorld();
    await running();
    const { id } = await agent();
    await recordHeartbeat({ agentId: id, status, currentLoad, leases: [] });
    expect(await claim(id)).toMatchObject({ granted: [], moreWaits: false, reason });
  });

  it('never grants work of another tenant', async () => {
    const world = await aWorld();
    const other = await world.addTenant('B');
    await other.running();
    const { id } = await world.agent();
    expect(await world.claim(id)).toMatchObject({ granted: [], moreWaits: false });
    await expect(other.claim(id)).rejects.toThrow(NotFound);
  });

  it('goes on with the next when another agent was faster', async () => {
    const { running, agent, claim, engine } = await aWorld();
    const first = await running();
    const second = await running();
    const [fast, slow] = [await agent({ name: 'FAST' }), await agent({ name: 'SLOW' })];
    engine.before('assignment', () => claim(fast.id));
    expect(idsOf(await claim(slow.id))).toEqual([second.id]);
    expect((await claim(fast.id)).granted).toEqual([]);
    expect(first.id).not.toBe(second.id);
  });

  it('does not grant work whose session has moved on since the index was read', async () => {
    const { running, agent, claim, store } = await aWorld();
    const { id: sessionId } = await running();
    const { id } = await agent();
    const live = (await store.findLive(sessionId)) ?? expect.fail();
    await store.commit([{ kind: 'session-live', before: live, after: { ...live, assignmentId: 'another' } }]);
    expect(await claim(id)).toMatchObject({ granted: [], moreWaits: true });
  });

  it('remembers what it granted in the same change, and never grants twice under one key', async () => {
    const { running, agent, claim, store } = await aWorld();
    await running();
    await running();
    const { id } = await agent();
    const remember = ({ assignment }: { assignment: { id: string } }) => ({
      digest: 'key',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 200,
      body: assignment.id,
      expiresAt: '2027-01-01T00:00:00.000Z',
    });
    const [granted] = (await claim(id, { remember })).granted;
    expect(await store.findIdempotency('key')).toMatchObject({ body: granted?.assignment.id });
    await expect(claim(id, { remember })).rejects.toMatchObject({ what: 'idempotency' });
    expect(await store.getAgent(id)).toMatchObject({ reserved: 1 });
  });

  it('passes faults on', async () => {
    const { running, agent, claim, engine } = await aWorld();
    await running();
    const { id } = await agent();
    engine.before('assignment', () => Promise.reject(new Error('the table does not answer')));
    await expect(claim(id)).rejects.toThrow('the table does not answer');
  });

  it('stops when the agent has no free unit any more', async () => {
    const { running, agent, claim, recordHeartbeat, engine } = await aWorld();
    await running();
    await running();
    const { id } = await agent();
    engine.after('assignment', () => recordHeartbeat({ agentId: id, status: 'busy', currentLoad: 0, leases: [] }));
    expect(await claim(id, { maxAssignments: 2 })).toMatchObject({ granted: [{}], moreWaits: true });
  });
});
