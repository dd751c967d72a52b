import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeUnits, hasRoom, loadLevel, rounded, unitLimit, utilizationOf } from '#domain/agent/load';

const agent = (fields: Partial<Parameters<typeof freeUnits>[0]> = {}) =>
  ({ reserved: 0, maxConcurrentTasks: 10, reportedLoad: 0, status: 'online', tier: 'competent', ...fields }) as const;

describe('the load of an agent', () => {
  it.each([
    [0, 10, 0, 'idle'],
    [2, 10, 0, 'idle'],
    [3, 10, 0, 'optimal'],
    [7, 10, 0, 'optimal'],
    [8, 10, 0, 'high'],
    [9, 10, 0, 'high'],
    [10, 10, 0, 'overloaded'],
    [10, 11, 0, 'critical'],
    [9, 10, 0.95, 'critical'],
    [0, 10, 1, 'overloaded'],
    [12, 10, 0, 'overloaded'],
  ] as const)('of %i in %i units that says %d is %s', (reserved, maxConcurrentTasks, reportedLoad, level) => {
    expect(loadLevel(utilizationOf({ reserved, maxConcurrentTasks, reportedLoad }))).toBe(level);
  });

  it('has a utilization of four decimals, the larger of what is reserved and what it says', () => {
    expect(utilizationOf({ reserved: 10, maxConcurrentTasks: 11, reportedLoad: 0.5 })).toBe(0.9091);
    expect(utilizationOf({ reserved: 1, maxConcurrentTasks: 10, reportedLoad: 0.55 })).toBe(0.55);
    expect(utilizationOf({ reserved: 6, maxConcurrentTasks: 4, reportedLoad: 0 })).toBe(1.5);
  });

  it('rounds half up, also where binary numbers fall short of the half', () => {
    expect([0.00005, 1.00005, 0.12345, 0.99995].map(rounded)).toEqual([0.0001, 1.0001, 0.1235, 1]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (n) => {
        expect(rounded(n / 10_000)).toBe(n / 10_000);
      }),
    );
  });

  it('leaves as many free units as its limit, which is 1 while it is degraded by its word or its results', () => {
    expect(freeUnits(agent({ maxConcurrentTasks: 3, reserved: 1 }))).toBe(2);
    expect(freeUnits(agent({ maxConcurrentTasks: 1, reserved: 2 }))).toBe(0);
    expect(unitLimit(agent({ status: 'degraded' }))).toBe(1);
    expect(unitLimit(agent({ tier: 'degraded' }))).toBe(1);
    expect(unitLimit(agent())).toBe(10);
  });

  it('has room while a unit is free and it does not say that it is full', () => {
    expect(hasRoom(agent({ reserved: 9 }))).toBe(true);
    expect(hasRoom(agent({ reserved: 10 }))).toBe(false);
    expect(hasRoom(agent({ reportedLoad: 1 }))).toBe(false);
    expect(hasRoom(agent({ status: 'degraded', reserved: 1 }))).toBe(false);
  });
});
