import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Granted } from '#application/claim-assignments';
import { HEARTBEAT_STATUSES, type HeartbeatStatus } from '#domain/agent/heartbeat';
import { PRIORITIES } from '#domain/session/session';
import { aResult } from '#test/support/a-work-item';
import { aRegistration } from '#test/support/an-agent';
import { notAtRest } from '#test/support/broken-invariants';
import { aBusyTenant, type BusyTenant } from '#test/support/busy-tenant';
import { POLL, person } from '#test/support/world';

const RUNS = 250;
const LEASE_SECONDS = 30;

const PROGRESS = { type: 'progress', percent: 1 } as const;
const WORDS = [PROGRESS, { type: 'status', status: 'degraded' }, { type: 'status', status: 'healthy' }] as const;

const which = fc.nat({ max: 7 });
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('start' as const), priority: fc.constantFrom(...PRIORITIES) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('claim' as const), which, count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('report' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('register again' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), seconds: fc.constantFrom(1, 20, 40, 130) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('say' as const), which, status: fc.constantFrom(...HEARTBEAT_STATUSES) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give back' as const), which }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('deliver' as const), which }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Everybody who acts on a tenant, and what they remember. */
const everybody = async (tenant: BusyTenant) => {
  const agents = [await tenant.agent({ name: 'ONE' }), await tenant.agent({ name: 'TWO', maxConcurrentTasks: 3 })];
  // routing chooses among agents that have asked for work before
  for (const { id: agentId } of agents)
    await tenant.claimAssignments({ agentId, maxAssignments: 1, leaseSeconds: LEASE_SECONDS, poll: POLL });
  const granted: Granted[] = [];
  const sessions: string[] = [];
  const any = <T>(list: readonly T[], index: number) => list[index % Math.max(1, list.length)];

  const claim = async (index: number, maxAssignments: number) => {
    const agentId = any(agents, index)?.id ?? '';
    const claimed = await tenant.claimAssignments({ agentId, maxAssignments, leaseSeconds: LEASE_SECONDS, poll: POLL });
    granted.push(...claimed.granted);
    return claimed.granted;
  };
  const report = (
    { assignment: { id, agentId = '', fencingToken, lastEventSeq } }: Granted,
    word: { type: 'status'; status: 'healthy' | 'degraded' } | { type: 'progress'; percent: number },
  ) =>
    tenant.reportEvents({
      assignmentId: id,
      agentId,
      fencingToken,
      events: [{ ...word, eventSeq: lastEventSeq + 1, timestamp: new Date(0).toISOString() }],
    });
  const say = (index: number, status: HeartbeatStatus) =>
    tenant.recordHeartbeat({ agentId: any(agents, index)?.id ?? '', status, currentLoad: 0, leases: [] });
  const giveBack = ({ assignment: { id, agentId = '', fencingToken } }: Granted) =>
    tenant.releaseAssignment({ assignmentId: id, agentId, fencingToken });
  const registerAgain = (index: number) =>
    tenant.registerAgent({
      registration: aRegistration({ name: index % 2 === 0 ? 'ONE' : 'TWO' }),
      replace: true,
      by: { id: 'KEY', isLead: false },
    });

  /** Whatever happens meanwhile, no counter is ever found wrong. */
  const recount = async () => {
    await tenant.sweepAgents();
    await tenant.sweepGates();
    tenant.problems.push(...tenant.drifts.splice(0).map((drift) => JSON.stringify(drift)));
  };

  const act = async (one: Action): Promise<unknown> => {
    switch (one.kind) {
      case 'start':
        return sessions.push((await tenant.create({ start: true, priority: one.priority })).id);
      case 'cancel': {
        const sessionId = any(sessions, one.which);
        return sessionId && tenant.cancelSession({ sessionId, actor: person });
      }
      case 'claim':
        return claim(one.which, one.count);
      case 'submit': {
        const work = any(granted, one.which);
        return (
          work && tenant.submit(work, { result: aResult({ status: one.which % 3 === 0 ? 'failed' : 'completed' }) })
        );
      }
      case 'report': {
        const work = any(granted, one.which);
        return work && report(work, WORDS[one.which % WORDS.length] ?? PROGRESS);
      }
      case 'register again':
        return registerAgain(one.which);
      case 'sweep':
        tenant.clock.advance(one.seconds);
        await tenant.sweepLeases();
        await recount();
        await tenant.sweepWork();
        return tenant.sweepWaits();
      case 'say':
        return say(one.which, one.status);
      case 'give back': {
        const work = any(granted, one.which);
        return work && giveBack(work);
      }
      case 'deliver':
        return tenant.deliver(one.which);
    }
  };

  /** Lets a lease pass and looks at everything that is due; answers whether anything has moved. */
  const sweep = async (): Promise<boolean> => {
    tenant.clock.advance(2 * LEASE_SECONDS);
    const { expired } = await tenant.sweepLeases();
    await tenant.sweepWork();
    await recount();
    const { waiting: _waiting, ...moved } = await tenant.sweepWaits();
    return expired + Object.values(moved).reduce((sum, count) => sum + count, 0) > 0;
  };

  /** Everything that is due happens, until nothing is. */
  const settle = async () => {
    for (let quiet = 0; quiet < 4; ) {
      quiet++;
      while (await tenant.deliver(0)) quiet = 0;
      // executions go on by themselves once their turn comes
      await new Promise((resolve) => setImmediate(resolve));
      for (const { id } of agents) {
        await tenant.recordHeartbeat({ agentId: id, status: 'healthy', currentLoad: 0, leases: [] });
        for (const work of (
          await tenant.claimAssignments({ agentId: id, maxAssignments: 5, leaseSeconds: LEASE_SECONDS, poll: POLL })
        ).granted) {
          await tenant.submit(work);
          quiet = 0;
        }
      }
      if (await sweep()) quiet = 0;
    }
  };
  return { act, settle };
};

it('whatever happens at once, twice or after lost races, every commit is consistent and nothing is left at rest', async () => {
  const lanes = fc.array(fc.array(action, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 5 });
  const often = (times: number) => fc.infiniteStream(fc.nat({ max: times - 1 }).map((n) => n === 0));
  const property = fc.asyncProperty(
    fc.scheduler(),
    lanes,
    fc.integer({ min: 1, max: 6 }),
    often(8),
    often(4),
    async (scheduler, schedule, limit, refusals, repeats) => {
      const isRefused = () => refusals.next().value === true;
      const isRepeated = () => repeats.next().value === true;
      const tenant = await aBusyTenant({ scheduler, isRefused, isRepeated }, limit);
      const { act, settle } = await everybody(tenant);

      tenant.stirUp();
      const acting = schedule.map(async (lane) => {
        for (const one of lane) await tenant.attempt(() => act(one));
      });
      await scheduler.waitFor(Promise.all(acting));
      await tenant.calmDown();
      await settle();

      expect(tenant.problems).toEqual([]);
      expect(notAtRest(tenant.items())).toEqual([]);
      await tenant.allEnded();
    },
  );
  await fc.assert(property, { numRuns: RUNS, seed: 20261121 });
}, 120_000);
