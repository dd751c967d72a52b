import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTraining, InstanceTypeUnknown } from '#domain/training-job/estimate';
import type { PriceTable } from '#domain/training-job/price-table';

const table: PriceTable = {
  priceTableVersion: 'test-1',
  asOf: '2026-11-01',
  rows: [
    {
      instanceType: 'ml.test.large',
      method: 'lora',
      usdPerHour: 1.5,
      tokensPerSecond: 1500,
      startupSeconds: 240,
      uploadSeconds: 120,
      spotFactor: 0.4,
    },
  ],
};

const compute = { instanceType: 'ml.test.large', instanceCount: 1, useSpot: false, maxRuntimeSeconds: 14_400 };
const job = {
  provider: 'sagemaker',
  parameters: { method: 'lora', epochs: 3 },
  compute,
  gate: { enabled: true, replayItems: 20, replayMaxCostUsd: 0.5 },
  trainTokens: 540_000,
} as const;

describe('the estimate of a training job', () => {
  it('is right to the cent', () => {
    expect(estimateTraining(job, table)).toMatchObject({
      tokens: 1_620_000,
      seconds: 1440,
      expectedUsd: 0.6,
      maxUsd: 6,
    });
    expect(estimateTraining({ ...job, compute: { ...compute, useSpot: true } }, table)).toMatchObject({
      expectedUsd: 0.24,
      maxUsd: 6,
    });
  });

  it('says which prices it was made from', () => {
    expect(estimateTraining(job, table)).toMatchObject({
      priceTableVersion: 'test-1',
      asOf: '2026-11-01',
      prices: { usdPerHour: 1.5, tokensPerSecond: 1500, startupSeconds: 240, uploadSeconds: 120, spotFactor: 0.4 },
      simulated: false,
    });
  });

  it('knows the most it can cost before the dataset is known, and nothing else', () => {
    expect(estimateTraining({ ...job, trainTokens: undefined }, table)).toMatchObject({
      tokens: null,
      seconds: null,
      expectedUsd: null,
      maxUsd: 6,
    });
  });

  it('grows with every instance, and never beyond its most by the price alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 10_000_000 }), (instanceCount, trainTokens) => {
        const one = estimateTraining({ ...job, trainTokens }, table);
        const many = estimateTraining({ ...job, trainTokens, compute: { ...compute, instanceCount } }, table);
        expect(many.seconds).toBe(one.seconds);
        expect(many.maxUsd).toBeCloseTo(one.maxUsd * instanceCount, 5);
        expect(many.expectedUsd as number).toBeCloseTo((one.expectedUsd as number) * instanceCount, 4);
      }),
    );
  });

  it.each([
    [{}, 20],
    [{ replayItems: 3, replayMaxCostUsd: 0.1 }, 0.6],
    [{ replayItems: 200, replayMaxCostUsd: 100 }, 40_000],
    [{ replayItems: 0 }, 0],
    [{ enabled: false }, 0],
  ])('says what replaying held-out work with both models costs at most, with %j', (gate, evaluationMaxUsd) => {
    expect(estimateTraining({ ...job, gate: { ...job.gate, ...gate } }, table)).toMatchObject({ evaluationMaxUsd });
    expect(estimateTraining({ ...job, provider: 'simulated' }, table).evaluationMaxUsd).toBe(0);
  });

  it('is nothing for a simulated job, and says that it is simulated', () => {
    const free = estimateTraining({ ...job, provider: 'simulated' }, table);
    expect(free).toMatchObject({ expectedUsd: 0, maxUsd: 0, seconds: null, tokens: 1_620_000, simulated: true });
    expect(free.prices).toBeUndefined();
  });

  it.each([
    { ...job, compute: { ...compute, instanceType: 'ml.test.huge' } },
    { ...job, parameters: { method: 'qlora', epochs: 3 } } as const,
  ])('is refused for a machine without a price', (unknown) => {
    expect(() => estimateTraining(unknown, table)).toThrow(InstanceTypeUnknown);
  });
});
