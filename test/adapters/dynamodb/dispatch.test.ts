import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';
import { recordingTokens } from '#test/support/ports-in-memory';
import { aWorldOn } from '#test/support/world';

const SESSIONS = 7;
const UNITS = { FIRST: 2, SECOND: 1 };

describe('dispatch on DynamoDB', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  it('of many dispatches and passes at once places as many as there are units, and counts them right', async () => {
    const engine = makeDynamoEngine(dynamo.client, await dynamo.createTable());
    const world = await aWorldOn(engine, recordingTokens(), { limit: SESSIONS });
    const agents: string[] = [];
    for (const [name, maxConcurrentTasks] of Object.entries(UNITS)) {
      const { id } = await world.agent({ name, maxConcurrentTasks });
      await world.claim(id);
      agents.push(id);
    }
    const waits: { sessionId: string; run: number; taskToken: string }[] = [];
    for (let made = 0; made < SESSIONS; made++) {
      const { id: sessionId, run } = await world.create({ start: true });
      await world.beginAttempt({ sessionId, run });
      waits.push({ sessionId, run, taskToken: sessionId });
    }
    const place = () => world.placeWork({ everything: true });
    await Promise.all([...waits.map((wait) => world.awaitAgent(wait)), place(), place()]);
    await place();
    const units = () => Promise.all(agents.map(async (id) => (await world.store.getAgent(id)).reserved));
    const routed = (await world.store.listPending(100)).filter(({ routedAgentId }) => routedAgentId !== undefined);
    expect(await units()).toEqual(Object.values(UNITS));
    expect(routed).toHaveLength(3);

    const granted = (await Promise.all(agents.map((id) => world.claim(id, { maxAssignments: 5 })))).flatMap(
      (one) => one.granted,
    );
    expect(granted).toHaveLength(3);
    await Promise.all([...granted.map((one) => world.submit(one)), place(), place()]);
    await place();
    expect(await units()).toEqual(Object.values(UNITS));
    world.clock.advance(90);
    await Promise.all([world.sweepAgents(), world.sweepGates(), world.sweepWork()]);
    expect(world.drifts).toEqual([]);
  });
});
