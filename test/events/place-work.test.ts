import { expect, it, vi } from 'vitest';
import { aWorld, type World } from '#test/support/world';

let world: World;
vi.mock('#runtime/ports', () => ({ ports: () => ({ ...world, storeOf: () => world.store }) }));

it('places waiting work of the tenant that an event of the bus names, and nothing for what is no event', async () => {
  world = await aWorld();
  const { handler } = await import('#functions/events/place-work');
  const { id } = await world.running();
  const { id: agentId } = await world.agent();
  await world.claim(agentId, { maxAssignments: 0 });
  await expect(handler({ detail: { tenant_id: 'A' } })).rejects.toThrow('event_id');
  const detail = { tenant_id: 'A', event_id: 'E', internal: { consumers: ['place-work'] } };
  await handler({ source: 'iorch', detail });
  expect(world.items('assignment')).toMatchObject([{ sessionId: id, routedAgentId: agentId }]);
});
