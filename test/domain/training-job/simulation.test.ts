import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { DEFAULT_PARAMETERS } from '#domain/training-job/parameters';
import {
  DEFAULT_SIMULATION,
  reportedSteps,
  type SimulatedTraining,
  type Simulation,
  simulatedCurve,
  simulatedId,
  simulatedLosses,
  simulatedState,
} from '#domain/training-job/simulation';

const { sha256 } = nodeDigest;

const example: SimulatedTraining = {
  baseModel: 'mistralai/Mistral-7B-v0.1',
  parameters: DEFAULT_PARAMETERS,
  simulation: DEFAULT_SIMULATION,
  trainSamples: 450,
  trainTokens: 540_000,
  datasetSha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
};
const simulating = (simulation: Partial<Simulation>) => ({
  ...example,
  simulation: { ...DEFAULT_SIMULATION, ...simulation },
});
const at = (seconds: number, training = example) => simulatedState(sha256, training, seconds);

describe('the curve of a simulated training', () => {
  it('comes from the job and nothing else', () => {
    const { clean, ...curve } = simulatedCurve(sha256, example);
    const rounded = Object.fromEntries(Object.entries(curve).map(([name, value]) => [name, Number(value.toFixed(6))]));
    expect(rounded).toEqual({
      stepsPerEpoch: 113,
      totalSteps: 339,
      startLoss: 2.131384,
      capacity: 0.528321,
      data: 0.819036,
      rate: 0.484348,
      floor: 0.861319,
      decay: 0.976521,
    });
    expect([0, 113, 226, 339].map((step) => clean(step).toFixed(6))).toEqual([
      '2.131384',
      '1.339650',
      '1.041467',
      '0.929166',
    ]);
  });

  it.each([
    [0, 2.1445, 2.1971, 0.4765],
    [113, 1.3552, 1.4083, 0.5868],
    [226, 1.0217, 1.104, 0.6443],
    [339, 0.9451, 0.9802, 0.6711],
  ])('has the values of the example after step %d', (step, trainLoss, evalLoss, accuracy) => {
    expect(simulatedLosses(sha256, example, step)).toEqual({ trainLoss, evalLoss, accuracy });
  });

  it('is shifted as a whole by what is asked for, and a little by a coarser base', () => {
    const shifted = simulatedLosses(sha256, simulating({ qualityShift: 0.5 }), 339);
    expect(shifted).toMatchObject({ trainLoss: 1.4451, evalLoss: 1.4802 });
    const coarse = { ...example, parameters: { ...DEFAULT_PARAMETERS, method: 'qlora' as const } };
    expect(simulatedCurve(sha256, coarse).floor).toBeCloseTo(0.881319, 6);
  });

  it('rises again for a model that learns by heart', () => {
    const long = { ...example, parameters: { ...DEFAULT_PARAMETERS, epochs: 20 } };
    const evalLoss = (step: number) => simulatedLosses(sha256, long, step).evalLoss;
    expect(evalLoss(2260)).toBeGreaterThan(evalLoss(565) + 0.5);
  });
});

const python = spawnSync('python3', ['--version']).status === 0;
const cases = fc.record({
  baseModel: fc.constantFrom('a/b', 'mistralai/Mistral-7B-v0.1', 'x'),
  trainSamples: fc.integer({ min: 10, max: 5000 }),
  datasetSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  seed: fc.nat(4_294_967_295),
  method: fc.constantFrom('lora' as const, 'qlora' as const),
  batchSize: fc.integer({ min: 1, max: 128 }),
  gradientAccumulationSteps: fc.integer({ min: 1, max: 64 }),
  loraRank: fc.integer({ min: 1, max: 256 }),
  learningRate: fc.double({ min: 1e-6, max: 1e-2, noNaN: true }),
  qualityShift: fc.constantFrom(0, 0.25, -0.5),
  steps: fc.array(fc.nat({ max: 2000 }), { minLength: 1, maxLength: 5 }),
});

describe.skipIf(!python)('the same formulas in Python', () => {
  it('have the same values to four decimals', () => {
    const [sample, { simulation: _, parameters, ...exampleCase }] = [fc.sample(cases, 100), example];
    const asked = [{ ...exampleCase, ...parameters, qualityShift: 0, steps: [0, 113, 226, 339] }, ...sample];
    const script = path.join(import.meta.dirname, 'simulated_curve.py');
    const { stdout } = spawnSync('python3', [script], { input: JSON.stringify(asked), encoding: 'utf8' });
    const ours = asked.map(({ steps, baseModel, trainSamples, datasetSha256, qualityShift, ...rest }) => {
      const training = {
        ...simulating({ qualityShift }),
        ...{ baseModel, trainSamples, datasetSha256, trainTokens: 1, parameters: { ...DEFAULT_PARAMETERS, ...rest } },
      };
      return steps.map((step) => ({ step, ...simulatedLosses(sha256, training, step) }));
    });
    expect(JSON.parse(stdout)).toEqual(ours);
  });
});

describe('a simulated training', () => {
  it.each([
    [4, { status: 'queued', progress: 0, step: 0, tokensProcessed: 0 }],
    [20, { status: 'running', step: 74, tokensProcessed: 353_628 }],
    [39, { status: 'running', step: 169 }],
    [73, { status: 'completed', progress: 1, step: 339, tokensProcessed: 1_620_000, durationSeconds: 68 }],
  ])('stands as in the example after %d seconds', (seconds, state) => {
    expect(at(seconds)).toMatchObject(state);
  });

  it('is at 0.2206 of its way after 20 seconds', () => expect(at(20).progress).toBeCloseTo(0.2206, 4));

  it('says the same whenever it is asked, and only goes forward', () => {
    const RANK = { queued: 0, running: 1, completed: 2, failed: 2 };
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (a, b) => {
          const [earlier, later] = [at(Math.min(a, b)), at(Math.max(a, b))];
          expect(at(Math.min(a, b))).toEqual(earlier);
          expect(RANK[later.status]).toBeGreaterThanOrEqual(RANK[earlier.status]);
          expect(later.step).toBeGreaterThanOrEqual(earlier.step);
        },
      ),
    );
  });

  it('fails at the progress asked for and stays there', () => {
    const failing = simulating({ failAtProgress: 0.5 });
    expect(at(38, failing).status).toBe('running');
    expect(at(39, failing)).toMatchObject({ status: 'failed', step: 169, progress: 0.5 });
    expect(at(1000, failing)).toEqual(at(39, failing));
    expect(at(4, simulating({ failAtProgress: 0 })).status).toBe('queued');
    expect(at(5, simulating({ failAtProgress: 0 }))).toMatchObject({ status: 'failed', step: 0 });
  });

  it('takes as long as asked, or 20 seconds to 10 minutes by its steps', () => {
    expect(at(0, simulating({ trainSeconds: 3600 })).durationSeconds).toBe(3600);
    expect(at(0, { ...example, trainSamples: 10 }).durationSeconds).toBe(20);
    expect(at(0, { ...example, trainSamples: 100_000 }).durationSeconds).toBe(600);
    expect(at(0, simulating({ queueSeconds: 0 })).status).toBe('running');
  });

  it('reports the first step of each percent and where it is', () => {
    expect(reportedSteps({ step: 0, totalSteps: 339 })).toEqual([0]);
    expect(reportedSteps({ step: 9, totalSteps: 339 })).toEqual([0, 4, 7, 9]);
    expect(reportedSteps({ step: 3, totalSteps: 3 })).toEqual([0, 1, 2, 3]);
    expect(reportedSteps({ step: 339, totalSteps: 339 })).toHaveLength(101);
  });

  it('is known to its provider by job and attempt', () => {
    expect(simulatedId(sha256, '01JD8X5YB2M0Q4V6T8W1Z3C5E7', 1)).toMatch(/^sim-[0-9a-f]{16}$/);
    expect(simulatedId(sha256, 'J', 1)).not.toBe(simulatedId(sha256, 'J', 2));
  });
});
