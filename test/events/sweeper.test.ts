import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { logger } from '#runtime/logger';
import { aWorld, LEASE_SECONDS, type World } from '#test/support/world';

let world: World;
const ports = () => ({
  ...world,
  environment: { STAGE: 'test' },
  dueWork: () => makeDueWork(world.engine),
  storeOf: (tenantId: string) => makeTenantStore(world.engine, tenantId, world.objects.of(tenantId)),
  objectsOf: world.objects.of,
});
vi.mock('#runtime/ports-with-objects', () => ({ portsWithObjects: () => ports() }));

let sweep: () => Promise<void>;
beforeAll(async () => {
  sweep = (await import('#functions/events/sweeper')).handler;
});

describe('a sweep', () => {
  it('does every kind of work that is due, and reports a counter that it has corrected', async () => {
    world = await aWorld();
    const warn = vi.spyOn(logger, 'warn').mockReturnValue();
    const { agent, granted } = await world.working();
    const before = await world.store.getAgent(agent.id);
    await world.store.commit([{ kind: 'agent', before, after: { ...before, reserved: 2 } }]);
    const { id: waiting } = await world.running({ requiredCapabilities: ['testing'] });
    world.clock.advance(90);
    await sweep();
    expect(await world.store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'expired' });
    expect(world.items('assignment').find(({ sessionId }) => sessionId === waiting)).toMatchObject({
      state: 'pending',
    });
    await sweep();
    expect(await world.store.getAgent(agent.id)).toMatchObject({ status: 'offline', reserved: 0 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith('counter drift', expect.objectContaining({ kind: 'agent', stage: 'test' }));
    warn.mockRestore();
  });

  it('does the others when one kind cannot be done, and fails then', async () => {
    world = await aWorld();
    await world.working();
    world.clock.advance(LEASE_SECONDS);
    world.engine.before('gate', () => Promise.reject(new Error('the table does not answer')));
    await expect(sweep()).rejects.toThrow('the sweep is not complete');
    expect(world.items('assignment')).toMatchObject([{ state: 'expired' }]);
  });
});
