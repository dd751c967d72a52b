import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { aWorld } from '#test/support/world';

const anAgentWithWork = async () => {
  const world = await aWorld();
  for (let made = 0; made < 3; made++) await world.running();
  const worker = await world.agent({ maxConcurrentTasks: 3 });
  const { granted } = await world.claim(worker.id, { maxAssignments: 3 });
  const [first, second, third] = granted.map(({ assignment }) => assignment.id) as [string, string, string];
  await world.submit(granted[0] ?? expect.fail());
  const list = async (fields: Partial<Parameters<typeof world.listOwnAssignments>[0]> = {}) => {
    const page = await world.listOwnAssignments({ agentId: worker.id, limit: 10, ...fields });
    return { ids: page.items.map(({ assignment }) => assignment.id), next: page.next };
  };
  return { ...world, worker, list, ids: { first, second, third } };
};

describe('the assignments of an agent', () => {
  it('are listed open ones first, by state, and page by page', async () => {
    const { list, ids, releaseAssignment, worker } = await anAgentWithWork();
    expect((await list()).ids).toEqual([ids.third, ids.second, ids.first]);
    expect((await list({ state: 'claimed' })).ids).toEqual([ids.third, ids.second]);
    expect((await list({ state: 'running' })).ids).toEqual([]);
    expect((await list({ state: 'completed' })).ids).toEqual([ids.first]);
    const page = await list({ limit: 2 });
    expect((await list({ limit: 2, after: page.next })).ids).toEqual([ids.first]);
    await releaseAssignment({ agentId: worker.id, assignmentId: ids.second, fencingToken: 1 });
    expect((await list()).ids).toEqual([ids.third, ids.first]);
  });

  it('are shown one by one, also when they have ended', async () => {
    const { getOwnAssignment, worker, ids } = await anAgentWithWork();
    const get = (assignmentId: string) => getOwnAssignment({ agentId: worker.id, assignmentId });
    expect(await get(ids.first)).toMatchObject({ assignment: { state: 'completed' }, directives: [] });
    expect(await get(ids.second)).toMatchObject({ assignment: { state: 'claimed' }, directives: [] });
  });

  it('are nobody else’s to see', async () => {
    const world = await anAgentWithWork();
    const stranger = await world.agent({ name: 'STRANGER' });
    const other = await world.addTenant('B');
    const asked = { agentId: stranger.id, assignmentId: world.ids.second };
    await expect(world.getOwnAssignment(asked)).rejects.toThrow(NotFound);
    await expect(other.getOwnAssignment({ ...asked, agentId: world.worker.id })).rejects.toThrow(NotFound);
    expect((await world.list({ agentId: stranger.id })).ids).toEqual([]);
    await expect(other.listOwnAssignments({ agentId: world.worker.id, limit: 10 })).rejects.toThrow(NotFound);
  });
});
