import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptPoints, type MetricPoint } from '#domain/training-job/metric-point';

const point = (step: number): MetricPoint => ({
  step,
  epoch: 0,
  trainLoss: 1,
  tokensProcessed: step,
  at: '2026-11-20T12:00:00.000Z',
});
const steps = (points: readonly MetricPoint[]) => points.map(({ step }) => step);
const kept = (from: readonly number[], thinning: Partial<Parameters<typeof keptPoints>[1]> = {}) =>
  steps(keptPoints(from.map(point), { totalSteps: 1000, isOver: false, ...thinning }));

describe('the points that are kept of a training', () => {
  it('are the first of each percent', () => {
    expect(kept([0, 1, 9, 10, 11, 19, 20, 990, 999, 1000])).toEqual([0, 10, 20, 990, 1000]);
    expect(kept([11, 12, 20], { lastStep: 10 })).toEqual([20]);
  });

  it('hold the newest one when no more come', () => {
    expect(kept([0, 1, 9], { isOver: true })).toEqual([0, 9]);
    expect(kept([10, 13], { lastStep: 10, isOver: true })).toEqual([13]);
    expect(kept([13], { lastStep: 13, isOver: true })).toEqual([]);
  });

  it('are the same in whatever order and however often points come, and at most one for each percent and one', () => {
    const some = fc.uniqueArray(fc.nat({ max: 1000 }), { maxLength: 300 });
    fc.assert(
      fc.property(some, fc.nat({ max: 300 }), (all, cut) => {
        const inOrder = all.toSorted((a, b) => a - b);
        const whole = kept(inOrder);
        expect(kept([...inOrder.toReversed(), ...inOrder])).toEqual(whole);
        const first = kept(inOrder.slice(0, cut));
        const rest = kept(inOrder.slice(Math.max(0, cut - 3)), { lastStep: first.at(-1) });
        expect([...first, ...rest]).toEqual(whole);
        expect(kept(inOrder, { isOver: true }).length).toBeLessThanOrEqual(102);
      }),
    );
  });
});
