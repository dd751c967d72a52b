import { describe, expect, it } from 'vitest';
import { makeReadResult } from '#application/read-result';
import { readSession, viewSession } from '#application/session-view';
import { noUsage, type UsageReport } from '#domain/session/live';
import { warned } from '#domain/session/warning';
import { aResult } from '#test/support/a-work-item';
import { aWorld, LEASE_SECONDS, type World } from '#test/support/world';

const viewOf = async ({ store, clock }: World, sessionId: string) =>
  viewSession(await readSession(store, sessionId), clock.now());
const warningsOf = async (world: World, sessionId: string) => (await viewOf(world, sessionId)).metrics.warnings;

describe('the warnings of a session', () => {
  it('are none while all goes well', async () => {
    const world = await aWorld();
    const { session, granted } = await world.working();
    await world.submit(granted);
    expect(await warningsOf(world, session.id)).toEqual([]);
  });

  it('tell of reports that never came', async () => {
    const world = await aWorld();
    const { session, granted } = await world.working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    const timestamp = new Date(world.clock.now()).toISOString();
    const events = [{ type: 'log', eventSeq: 4, timestamp, level: 'info', source: 'agent', message: 'Hello' } as const];
    await world.reportEvents({ agentId, assignmentId, fencingToken, events });
    expect(await warningsOf(world, session.id)).toEqual([
      { type: 'event_gap', message: '3 reports before number 4 are missing', at: timestamp },
    ]);
  });

  it('tell of an agent that was lost, and are kept in the attempts that follow', async () => {
    const world = await aWorld();
    const { session, agent } = await world.working();
    world.clock.advance(LEASE_SECONDS);
    const at = new Date(world.clock.now()).toISOString();
    await world.sweepLeases();
    await world.awaitAgent({ sessionId: session.id, run: 1, taskToken: 'again' });
    expect(await warningsOf(world, session.id)).toMatchObject([{ type: 'agent_takeover', at }]);
    expect((await warningsOf(world, session.id))[0]?.message).toContain(agent.id);
  });

  it('tell of a driver that was lost', async () => {
    const world = await aWorld();
    const { session } = await world.working();
    await world.recoverSession({ sessionId: session.id, run: 1 });
    expect(await warningsOf(world, session.id)).toMatchObject([{ type: 'recovered' }]);
  });

  it('tell of a diff that was cut', async () => {
    const world = await aWorld();
    const { session, granted } = await world.working();
    await world.submit(granted, { result: aResult({ diffCut: true }) });
    expect(await warningsOf(world, session.id)).toMatchObject([{ type: 'result_cut' }]);
  });

  it.each(['report', 'result'])(
    'tell once of an agent that does not say in a %s what its tokens cost',
    async (where) => {
      const world = await aWorld();
      const { session, granted, agent } = await world.working();
      const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
      const timestamp = new Date(world.clock.now()).toISOString();
      const { costUsd: _, ...unpriced } = { ...noUsage, inputTokens: 7 };
      const report = (eventSeq: number, usage: UsageReport) =>
        world.reportEvents({
          ...{ agentId, assignmentId, fencingToken },
          events: [{ type: 'metrics', eventSeq, timestamp, usage }],
        });
      if (where === 'report') {
        await report(1, { ...unpriced, inputTokens: 0 });
        await report(2, { ...unpriced, costUsd: 0 });
        expect(await warningsOf(world, session.id)).toEqual([]);
        await report(3, unpriced);
        await report(4, { ...unpriced, inputTokens: 9 });
      }
      await world.submit(granted, { result: aResult({ usage: unpriced }) });
      expect(await warningsOf(world, session.id)).toEqual([
        {
          type: 'unpriced_tokens',
          message: `agent ${agent.id} does not say what its tokens cost: cost_usd leaves them out`,
          at: timestamp,
        },
      ]);
      const read = await makeReadResult(world)({ sessionId: session.id });
      expect(read.usage).toMatchObject({ inputTokens: 7, costUsd: 0 });
    },
  );

  it('are the 50 newest, and more than ten of them are not healthy', async () => {
    const world = await aWorld();
    const { session } = await world.working();
    const warn = async (count: number) => {
      const before = (await world.store.findLive(session.id)) ?? expect.fail();
      const warnings = Array.from({ length: count }, (_, index) => `warning ${index}`);
      const after = warnings.reduce(
        (live, message) => warned(live, { type: 'event_gap', message, at: session.createdAt }),
        before,
      );
      await world.store.commit([{ kind: 'session-live', before, after }]);
    };
    await warn(10);
    expect(await viewOf(world, session.id)).toMatchObject({ isHealthy: true });
    await warn(51);
    const { metrics, isHealthy } = await viewOf(world, session.id);
    expect(isHealthy).toBe(false);
    expect(metrics.warnings.map(({ message }) => message)).toEqual(
      Array.from({ length: 50 }, (_, index) => `warning ${index + 1}`),
    );
  });
});
