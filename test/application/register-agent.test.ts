import { describe, expect, it } from 'vitest';
import { makeCredentialStore } from '#adapters/dynamodb/platform-store';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAuthenticate } from '#application/authenticate';
import { makeRegisterAgent, type RegisterAgentInput } from '#application/register-agent';
import { AgentAlreadyExists } from '#domain/agent/register';
import { aRegistration } from '#test/support/an-agent';
import { fixedSecrets } from '#test/support/ports-in-memory';
import { aWorld, LEASE_SECONDS, type World } from '#test/support/world';

const owner = { id: 'KEY', isLead: false };

const register = (world: Pick<World, 'registerAgent'>, fields: Partial<RegisterAgentInput> = {}) =>
  world.registerAgent({ registration: aRegistration(), replace: false, by: owner, ...fields });

const authenticate = ({ engine, clock }: World, agentToken: string) =>
  makeAuthenticate({ credentials: makeCredentialStore(engine), digest: nodeDigest, clock })({ agentToken });

describe('registering an agent', () => {
  it('makes an agent, its event and a token of which only the digest is stored', async () => {
    const world = await aWorld();
    const { agent, token, tokenExpiresAt, replaced } = await register(world);
    expect(agent).toMatchObject({ tenantId: 'A', name: 'RUNNER', status: 'registered', version: 1, generation: 1 });
    expect(replaced).toBe(false);
    expect(await world.store.findAgentId('RUNNER')).toBe(agent.id);
    expect(world.items('event').map(({ type }) => type)).toEqual(['agent.registered']);
    expect(JSON.stringify(world.everything())).not.toContain(token);
    expect(Date.parse(tokenExpiresAt) - world.clock.now()).toBe(90 * 24 * 3600 * 1000);
    expect(await authenticate(world, token)).toEqual({ principal: { kind: 'agent', id: agent.id, tenantId: 'A' } });
  });

  it('under a name that is in use is refused while its agent is not offline, and changes nothing', async () => {
    const world = await aWorld();
    await world.agent();
    const before = world.everything();
    await expect(register(world)).rejects.toThrow(AgentAlreadyExists);
    expect(world.everything()).toEqual(before);
  });

  it('by somebody else is refused unless a lead asks', async () => {
    const world = await aWorld();
    await register(world);
    const stranger = { id: 'STRANGER', isLead: false };
    await expect(register(world, { by: stranger, replace: true })).rejects.toThrow(AgentAlreadyExists);
    expect(await register(world, { by: { ...stranger, isLead: true }, replace: true })).toMatchObject({
      replaced: true,
    });
  });

  it('again keeps the id, ends the older token and needs no replacing when it was offline', async () => {
    const world = await aWorld();
    const first = await register(world);
    await world.recordHeartbeat({ agentId: first.agent.id, status: 'offline', currentLoad: 0, leases: [] });
    const second = await register(world);
    expect(second).toMatchObject({ replaced: true, agent: { id: first.agent.id, generation: 2 } });
    expect(second.token).not.toBe(first.token);
    expect(await authenticate(world, first.token)).toEqual({ failure: 'INVALID_AGENT_TOKEN' });
    expect(await authenticate(world, second.token)).toHaveProperty('principal');
    expect(world.items('credential')).toHaveLength(1);
  });

  it('again expires the work it held and wakes the sessions that wait for it', async () => {
    const world = await aWorld();
    const { id } = await world.agent({ maxConcurrentTasks: 2 });
    const sessions = [await world.running(), await world.running()];
    await world.claim(id, { maxAssignments: 2 });
    const { agent } = await register(world, { replace: true });
    expect(agent).toMatchObject({ id, reserved: 0 });
    expect(world.items('assignment').map(({ state }) => state)).toEqual(['expired', 'expired']);
    expect(world.internals().at(-1)).toEqual({
      consumers: ['place-work', 'wake'],
      wake: sessions.map((session) => session.id),
    });
    for (const session of sessions) {
      expect(await world.wakeSession(session.id)).toBe(true);
      expect(await world.judgeOutcome({ sessionId: session.id, run: 1 })).toBe('open');
    }
  });

  it('again ends the working time of the work it held, and what was worked stays counted', async () => {
    const world = await aWorld();
    const { id } = await world.agent();
    const session = await world.running({ maxDurationSeconds: 600 });
    await world.claim(id);
    world.clock.advance(20);
    await register(world, { replace: true });
    world.clock.advance(50);
    await world.awaitAgent({ sessionId: session.id, run: 1, taskToken: 'again' });
    expect(await world.store.findLive(session.id)).toMatchObject({ activity: 'waiting_for_agent', activeSeconds: 20 });
    await world.agent({ name: 'OTHER' });
    world.clock.advance(10);
    const { granted } = await world.claim((await world.store.findAgentId('OTHER')) ?? '');
    expect(granted[0]?.assignment.deadlineAt).toBe(new Date(world.clock.now() + 580_000).toISOString());
  });

  it('again without work wakes nobody', async () => {
    const world = await aWorld();
    await register(world);
    await register(world, { replace: true });
    expect(world.internals().flatMap(({ wake = [] }) => wake)).toEqual([]);
  });

  it('again while it claims work leaves no work behind', async () => {
    const world = await aWorld();
    const { id } = await world.agent();
    await world.running();
    world.engine.before('agent', () => world.claim(id));
    await register(world, { replace: true });
    expect(world.items('assignment').map(({ state }) => state)).toEqual(['expired']);
    expect(await world.store.getAgent(id)).toMatchObject({ reserved: 0 });
  });

  it('again keeps the unit of work that the index does not show yet, until its lease ends', async () => {
    const world = await aWorld();
    const { id } = await world.agent();
    await world.running();
    await world.claim(id);
    const store = { ...world.store, listHeld: async () => [] };
    const registerAgent = makeRegisterAgent({ ...world, store, digest: nodeDigest, secrets: fixedSecrets });
    expect((await register({ registerAgent }, { replace: true })).agent).toMatchObject({ reserved: 1 });
    world.clock.advance(LEASE_SECONDS);
    await world.sweepLeases();
    expect(await world.store.getAgent(id)).toMatchObject({ reserved: 0 });
  });

  it('of one name by two at once makes one agent', async () => {
    const world = await aWorld();
    world.engine.before('agent', () => register(world, { by: { id: 'FASTER', isLead: false } }));
    await expect(register(world)).rejects.toThrow(AgentAlreadyExists);
    expect(world.items('agent')).toMatchObject([{ registeredBy: 'FASTER' }]);
  });

  it('of one name in two tenants makes two agents', async () => {
    const world = await aWorld();
    const other = await world.addTenant('B');
    const [mine, theirs] = [await register(world), await register(other)];
    expect(mine.agent.id).not.toBe(theirs.agent.id);
    expect(mine.token).not.toBe(theirs.token);
  });

  it('remembers the answer in the same change', async () => {
    const world = await aWorld();
    const record = {
      digest: 'key',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 201,
      body: '{}',
      expiresAt: '2027-01-01T00:00:00.000Z',
    };
    await register(world, { remember: ({ agent }) => ({ ...record, body: agent.id }) });
    const agentId = await world.store.findAgentId('RUNNER');
    expect(await world.store.findIdempotency('key')).toMatchObject({ body: agentId });
  });
});
