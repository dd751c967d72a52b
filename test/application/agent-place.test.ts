import { describe, expect, it } from 'vitest';
import { QuotaExceeded } from '#domain/errors';
import { aRegistration } from '#test/support/an-agent';
import { aWorld, type World } from '#test/support/world';

const register = ({ registerAgent }: Pick<World, 'registerAgent'>, name: string) =>
  registerAgent({ registration: aRegistration({ name }), replace: true, by: { id: 'KEY', isLead: false } });

/** A tenant that may have two agents. */
const small = async () => {
  const world = await aWorld();
  await world.store.commit([{ kind: 'agent-quota', before: null, after: { limit: 2, used: 0, revision: 0 } }]);
  return world;
};

describe('the number of agents of a tenant', () => {
  it('is limited; whoever comes late is told the limit, and nothing is stored', async () => {
    const world = await small();
    await register(world, 'ONE');
    await register(world, 'TWO');
    const before = world.everything();
    const late = register(world, 'THREE');
    await expect(late).rejects.toThrow(QuotaExceeded);
    await expect(late).rejects.toMatchObject({ extras: { resource: 'agents', limit: 2, used: 2 } });
    expect(world.everything()).toEqual(before);
  });

  it('does not grow with a registration that takes a name up again', async () => {
    const world = await small();
    await register(world, 'ONE');
    await register(world, 'TWO');
    expect((await register(world, 'TWO')).replaced).toBe(true);
    expect(await world.store.findAgentQuota()).toMatchObject({ used: 2 });
  });

  it('is never exceeded by registrations at the same time', async () => {
    const world = await small();
    const names = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'];
    const answers = await Promise.allSettled(names.map((name) => register(world, name)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(world.items('agent')).toHaveLength(2);
    expect(await world.store.findAgentQuota()).toMatchObject({ used: 2 });
  });

  it('is 100 unless somebody has set another, and begins with the agents that were there before it was counted', async () => {
    const world = await aWorld();
    await register(world, 'ONE');
    expect(await world.store.findAgentQuota()).toMatchObject({ limit: 100, used: 1 });
    await world.engine.transact([
      { remove: { pk: 'T#A', sk: 'AGENTS' }, condition: { kind: 'exists' }, what: 'agent-quota' },
    ]);
    await register(world, 'TWO');
    expect(await world.store.findAgentQuota()).toMatchObject({ limit: 100, used: 2 });
  });

  it('is counted for each tenant by itself', async () => {
    const world = await small();
    const other = await world.addTenant('B');
    await register(world, 'ONE');
    await register(world, 'TWO');
    await register(other, 'ONE');
    expect(await other.store.findAgentQuota()).toMatchObject({ used: 1 });
  });
});
