import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERFORMANCE_TIERS } from '#domain/agent/performance-tier';
import { AGENT_STATUSES } from '#domain/agent/status';
import type { Candidate } from '#domain/routing/candidate';
import { type Decision, route } from '#domain/routing/route';
import type { RoutingRequest } from '#domain/routing/routing-request';
import { aCandidate, aRequest } from './a-candidate.ts';

const alpha = aCandidate({
  id: 'A',
  name: 'ALPHA',
  tier: 'elite',
  reserved: 3,
  reportedLoad: 0.55,
  capabilities: ['code_generation', 'test_generation', 'security_audit'],
});
const beta = aCandidate({
  id: 'B',
  name: 'BETA',
  agentType: 'reviewer',
  maxConcurrentTasks: 4,
  capabilities: ['code_review', 'security_audit', 'code_generation'],
});
const gamma = aCandidate({
  id: 'C',
  name: 'GAMMA',
  tier: 'trainee',
  reserved: 1,
  reportedLoad: 0.1,
  capabilities: ['code_generation', 'security_audit'],
});
const both = ['code_generation', 'security_audit'];
const request = aRequest({ requiredCapabilities: both, technologies: ['typescript', 'react'] });

const decide = (asked: RoutingRequest, candidates: readonly Candidate[]): Decision => {
  const decision = route(asked, candidates);
  return decision.selected === undefined ? expect.fail(`nobody after ${decision.failedStage}`) : decision;
};
const scores = ({ selected, alternatives }: Decision) =>
  Object.fromEntries([selected, ...alternatives].map(({ candidate, score }) => [candidate.name, score]));
const parts = (decision: Decision, name: string) => {
  const found = [decision.selected, ...decision.alternatives].find(({ candidate }) => candidate.name === name);
  return found?.components.map(({ contribution }) => contribution);
};

describe('the strategy balanced', () => {
  it('scores the example of the specification in every component, and says why', () => {
    const decision = decide(request, [gamma, beta, alpha]);
    expect(scores(decision)).toEqual({ ALPHA: 0.9, BETA: 0.84, GAMMA: 0.74 });
    expect(parts(decision, 'ALPHA')).toEqual([0.4, 0.3, 0.16, 0.04]);
    expect(parts(decision, 'BETA')).toEqual([0.24, 0.3, 0.2, 0.1]);
    expect(parts(decision, 'GAMMA')).toEqual([0.16, 0.3, 0.2, 0.08]);
    expect(decision.selected.components.map(({ name, weight, value }) => [name, weight, value])).toEqual([
      ['tier', 0.4, 1],
      ['capability', 0.3, 1],
      ['load', 0.2, 0.8],
      ['availability', 0.1, 0.4],
    ]);
    expect(decision.alternatives.map(({ candidate }) => candidate.name)).toEqual(['BETA', 'GAMMA']);
    expect(decision.reason).toBe('high performance tier (elite), full capability match, low current load, score 0.90');
  });

  it('prefers the agents that are named', () => {
    const decision = decide({ ...request, preferredAgentIds: ['C'] }, [alpha, beta, gamma]);
    expect(scores(decision)).toEqual({ GAMMA: 0.94, ALPHA: 0.9, BETA: 0.84 });
    expect(decision.selected.bonuses).toEqual([{ name: 'preferred_agent', value: 0.2 }]);
    expect(decision.reason).toBe('full capability match, low current load, preferred agent, score 0.94');
  });

  it('caps a score at 1 and gives a tie to the lower utilization', () => {
    const preferring = { ...request, preferredAgentIds: ['C'], preferredAgentType: 'implementer' } as const;
    const decision = decide(preferring, [alpha, beta, gamma]);
    expect(scores(decision)).toEqual({ GAMMA: 1, ALPHA: 1, BETA: 0.84 });
    expect(decision.selected.candidate.name).toBe('GAMMA');
    expect(decision.reason).toContain('preferred agent, preferred type, score 1.00');
    const equal = { ...gamma, id: '0', reserved: 3, reportedLoad: 0.6, tier: 'elite' } as const;
    const tied = decide({ ...preferring, preferredAgentIds: ['0'] }, [alpha, equal]);
    expect(tied.selected.candidate.id).toBe('0');
    expect(
      decide({ ...preferring, preferredAgentIds: ['Z'] }, [{ ...equal, id: 'Z' }, alpha]).selected.candidate.id,
    ).toBe('A');
  });

  it('takes the one that holds most if nobody holds them all, and says how much', () => {
    const delta = aCandidate({ id: 'D', name: 'DELTA' });
    const decision = decide({ ...request, match: 'best' }, [delta]);
    expect(decision.selected.score).toBe(0.69);
    expect(decision.reason).toBe('matched 1/2 capabilities, low current load, score 0.69');
    expect(route(request, [delta])).toMatchObject({ failedStage: 'capable' });
    const busy = aCandidate({ id: 'E', capabilities: both, status: 'busy' });
    expect(route({ ...request, match: 'best' }, [delta, busy])).toMatchObject({ failedStage: 'capable' });
    const forgotten = { ...busy, status: 'forgotten' } as const;
    expect(decide({ ...request, match: 'best' }, [delta, forgotten]).selected.candidate.id).toBe('D');
  });

  it('counts an agent that says it is degraded as of the lowest tier', () => {
    const decision = decide(aRequest(), [{ ...alpha, status: 'degraded', reserved: 0, reportedLoad: 0 }]);
    expect(parts(decision, 'ALPHA')).toEqual([0, 0.3, 0.2, 0.1]);
    expect(decision.reason).not.toContain('tier');
  });

  it('names three alternatives at most', () => {
    const many = ['1', '2', '3', '4', '5'].map((id) => aCandidate({ id }));
    const decision = decide(aRequest(), many);
    expect(decision.selected.candidate.id).toBe('1');
    expect(decision.alternatives.map(({ candidate }) => candidate.id)).toEqual(['2', '3', '4']);
  });

  it('leaves low load out of the reason when there is none', () => {
    const reason = decide(aRequest(), [aCandidate({ reserved: 4 })]).reason;
    expect(reason).toBe('full capability match, score 0.66');
  });
});

describe('a stage', () => {
  it.each([
    ['registered', {}, { status: 'forgotten' }],
    ['registered', {}, { status: 'draining' }],
    ['registered', {}, { status: 'deregistered' }],
    ['reachable', {}, { verified: false }],
    ['reachable', {}, { status: 'registered' }],
    ['reachable', {}, { status: 'busy' }],
    ['reachable', {}, { status: 'offline' }],
    ['allowed', { excludeAgentIds: ['AGENT'] }, {}],
    ['capable', { requiredCapabilities: ['testing'] }, {}],
    ['suitable', { technologies: ['cobol'] }, { avoidedTechnologies: ['cobol'] }],
    ['suitable', { estimatedHours: 5 }, { maxTaskDurationHours: 4 }],
    ['tier', { minPerformanceTier: 'standard' }, {}],
    ['capacity', {}, { reserved: 5 }],
    ['capacity', {}, { reportedLoad: 1 }],
    ['capacity', {}, { status: 'degraded', reserved: 1 }],
  ] as const)('%s that leaves nobody is named: %j %j', (stage, asked, fields) => {
    const decision = route(aRequest(asked), [aCandidate(fields)]);
    expect(decision).toMatchObject({ failedStage: stage });
    expect(decision.stages.at(-1)).toEqual({ stage, candidates: 0 });
    expect(decision.stages.slice(0, -1).every(({ candidates }) => candidates === 1)).toBe(true);
  });

  it('named first is the first one when there is no agent at all', () => {
    expect(route(aRequest(), [])).toEqual({
      failedStage: 'registered',
      stages: [{ stage: 'registered', candidates: 0 }],
    });
  });

  it('keeps who is of a better tier than asked for', () => {
    const asked = aRequest({ minPerformanceTier: 'standard' });
    const decision = decide(asked, [aCandidate({ id: 'L' }), aCandidate({ id: 'M', tier: 'advanced' })]);
    expect(decision.selected.candidate.id).toBe('M');
    expect(decision.stages.map(({ candidates }) => candidates)).toEqual([2, 2, 2, 2, 2, 1, 1]);
  });

  it('keeps agents of tier degraded only if no other is left', () => {
    const degraded = aCandidate({ id: 'D', tier: 'degraded' });
    expect(decide(aRequest(), [degraded, aCandidate({ id: 'E', reserved: 4 })]).alternatives).toEqual([]);
    expect(decide(aRequest(), [degraded, aCandidate({ id: 'E', reserved: 5 })]).selected.candidate.id).toBe('D');
  });

  it('keeps work of unknown length from nobody', () => {
    expect(decide(aRequest(), [aCandidate({ maxTaskDurationHours: 0.5 })]).selected.score).toBe(0.84);
  });
});

describe('routing', () => {
  const candidate = fc.record({
    id: fc.stringMatching(/^[A-Z]{3}$/),
    status: fc.constantFrom(...AGENT_STATUSES),
    tier: fc.constantFrom(...PERFORMANCE_TIERS),
    verified: fc.boolean(),
    reserved: fc.nat({ max: 6 }),
    reportedLoad: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const candidates = fc
    .uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 8 })
    .map((list) => list.map((fields) => aCandidate(fields)));

  it('gives the same answer whatever the order of the candidates, to one that has room, and never a score above 1', () => {
    fc.assert(
      fc.property(candidates, fc.boolean(), (list, prefers) => {
        const asked = aRequest(prefers ? { preferredAgentType: 'implementer' } : {});
        const decision = route(asked, list);
        expect(route(asked, list.toReversed())).toEqual(decision);
        if (decision.selected === undefined) return;
        const { selected, alternatives } = decision;
        expect(selected.candidate.verified && ['online', 'degraded'].includes(selected.candidate.status)).toBe(true);
        expect(selected.candidate.reserved).toBeLessThan(selected.candidate.maxConcurrentTasks);
        for (const { score } of alternatives) expect(score).toBeLessThanOrEqual(selected.score);
        expect(selected.score).toBeLessThanOrEqual(1);
      }),
    );
  });
});
