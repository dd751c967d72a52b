import { expect, it } from 'vitest';
import { PRIORITIES } from '#domain/session/session';
import { aResult } from '#test/support/a-work-item';
import { brokenInvariants, gateProblems, notAtRest } from '#test/support/broken-invariants';
import { aBusyTenant } from '#test/support/busy-tenant';
import { entities } from '#test/support/ports-in-memory';
import { LEASE_SECONDS, POLL, person } from '#test/support/world';

const SESSIONS = 200;
const LIMIT = 10;
const AT_ONCE = 8;
/** More than enough for every session to be lost as often as it may. */
const MOST_ROUNDS = 500;

/** Numbers below a limit that look random and are the same in every run. */
const chances = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

it('200 sessions at limit 10, some cancelled and some whose driver or agent dies, never hold more slots and all end', async () => {
  const chance = chances(20261121);
  const scheduler = {
    // how many microtasks a call takes decides who is next
    schedule: async <T>(task: Promise<T>) => {
      for (let left = chance(6); left > 0; left--) await null;
      return task;
    },
    waitIdle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const chaos = { scheduler, isRefused: () => chance(20) === 0, isRepeated: () => chance(20) === 0 };
  const tenant = await aBusyTenant(chaos, LIMIT, { maxWaiting: SESSIONS, isBroken: gateProblems });
  const agents = await Promise.all(
    ['ONE', 'TWO', 'THREE'].map((name) => tenant.agent({ name, maxConcurrentTasks: 5 })),
  );
  const ids: string[] = [];

  const start = async () => {
    const priority = PRIORITIES[chance(PRIORITIES.length)] ?? 'medium';
    ids.push((await tenant.create({ start: true, priority })).id);
  };
  const cancel = () => tenant.cancelSession({ sessionId: ids[chance(ids.length)] ?? '', actor: person });
  /** Takes work, and hands it in unless it dies over it. */
  const work = async (agentId: string) => {
    await tenant.recordHeartbeat({ agentId, status: 'healthy', currentLoad: 0, leases: [] });
    const input = { agentId, maxAssignments: 5, leaseSeconds: LEASE_SECONDS, poll: POLL };
    for (const granted of (await tenant.claimAssignments(input)).granted)
      if (chance(10) > 0) await tenant.submit(granted, { result: aResult() });
  };
  const sweep = async () => {
    tenant.clock.advance(20);
    await tenant.sweepLeases();
    await tenant.sweepWaits();
  };
  const deliver = async () => {
    while (await tenant.deliver(chance(3)));
  };

  tenant.stirUp();
  const isOver = () => ids.length === SESSIONS && notAtRest(tenant.items()).length === 0;
  for (let round = 0; round < MOST_ROUNDS && !isOver(); round++) {
    const starts = Array.from({ length: Math.min(AT_ONCE, SESSIONS - ids.length) }, () => start);
    const acts: (() => Promise<unknown>)[] = [
      ...starts,
      ...agents.map((agent) => () => work(agent.id)),
      deliver,
      sweep,
    ];
    if (chance(2) === 0 && ids.length > 0) acts.push(cancel);
    if (chance(2) === 0) tenant.crash(chance(SESSIONS));
    await Promise.all(acts.map((act) => tenant.attempt(act)));
  }
  await tenant.calmDown();

  expect(tenant.problems).toEqual([]);
  expect(notAtRest(tenant.items())).toEqual([]);
  expect(brokenInvariants(tenant.items())).toEqual([]);
  expect(entities(tenant.items(), 'session')).toHaveLength(SESSIONS);
});
