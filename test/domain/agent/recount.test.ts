import { describe, expect, it } from 'vitest';
import { driftBetween, driftOf, recountUnits } from '#domain/agent/recount';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';
import { anAgent } from '#test/support/an-agent';

const seconds = (count: number) => Date.parse(NOON) + count * 1000;

describe('the units of an agent', () => {
  it('are those of its open assignments and of the pending ones that are kept for it', () => {
    const assignments = [
      aWorkItem({ agentId: 'AGENT', state: 'claimed' }),
      aWorkItem({ agentId: 'AGENT', state: 'running' }),
      aWorkItem({ agentId: 'AGENT', state: 'completed' }),
      aWorkItem({ agentId: 'OTHER', state: 'running' }),
      aWorkItem({ routedAgentId: 'AGENT' }),
      aWorkItem({ routedAgentId: 'OTHER' }),
      aWorkItem({ routedAgentId: 'AGENT', state: 'cancelled' }),
    ];
    expect(recountUnits('AGENT', assignments)).toEqual({ reserved: 3, routed: 1 });
    expect(recountUnits('AGENT', [])).toEqual({ reserved: 0, routed: 0 });
  });

  it('are left alone where they are right', () => {
    expect(driftOf(anAgent({ reserved: 2, routed: 1 }), { reserved: 2, routed: 1 }, seconds(1000))).toBeUndefined();
  });

  it.each([
    ['more units', { reserved: 1, routed: 0 }, { reserved: 2, routed: 0 }],
    ['more routed ones', { reserved: 2, routed: 0 }, { reserved: 2, routed: 1 }],
  ])('are believed at once if they are %s', (_name, stored, counted) => {
    expect(driftOf(anAgent({ ...stored, reservedAt: NOON }), counted, seconds(0))).toEqual(counted);
    expect(driftBetween(stored, counted)).toBe(1);
  });

  it.each([
    ['fewer units', { reserved: 1, routed: 0 }, { reserved: 0, routed: 0 }],
    ['fewer routed ones', { reserved: 1, routed: 1 }, { reserved: 1, routed: 0 }],
    ['more units but fewer routed ones', { reserved: 1, routed: 1 }, { reserved: 2, routed: 0 }],
  ])('are believed 30 s after the newest grant if they are %s', (_name, stored, counted) => {
    const agent = anAgent({ ...stored, reservedAt: NOON });
    expect(driftOf(agent, counted, seconds(29.999))).toBeUndefined();
    expect(driftOf(agent, counted, seconds(30))).toEqual(counted);
    expect(driftOf(anAgent(stored), counted, seconds(30))).toEqual(counted);
  });
});
