import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeEvaluate } from '#application/evaluate-training';
import type { TrainingOutputs } from '#application/ports/training-outputs';
import type { TrainingState } from '#application/training-writes';
import type { TrainedComparison } from '#domain/evaluation/trained-comparison';
import { aTrainingInput } from '#test/support/a-training-job';
import { aClock, countedIdentifiers } from '#test/support/ports-in-memory';

const scores = (candidate: number, baseline: number | null, count = 10) =>
  Array.from({ length: count }, (_, index) => ({
    sessionId: `s${index}`,
    contentHash: `h${index}`,
    candidate,
    baseline,
  }));

const measured = (fields: Partial<TrainedComparison> = {}): TrainedComparison => ({
  evalLoss: { candidate: 1, baseline: 1.2 },
  accuracy: { candidate: 0.7, baseline: 0.6 },
  items: scores(0.9, 0.8),
  ...fields,
});

/** No model has a champion yet, and no sample is held out. */
const nothingElse = {
  store: makeTenantStore(makeMemoryEngine(), 'A'),
  clock: aClock(),
  ids: countedIdentifiers(),
  digest: nodeDigest,
  evalItems: async () => [],
};

const evaluate = async (trained: TrainedComparison | undefined, simulated = false) => {
  const asked: unknown[] = [];
  const outputs: TrainingOutputs = {
    comparison: async (attempt) => {
      asked.push(attempt);
      return trained;
    },
  };
  const state = {
    job: { id: 'JOB', tenantId: 'A', attempt: 2, simulated, modelVersion: '1.0.0' },
    input: aTrainingInput(),
    live: {},
  } as unknown as TrainingState;
  const evaluated = await makeEvaluate({ ...nothingElse, outputsOf: () => outputs })(state);
  if (evaluated === undefined) throw new Error('there is no evaluation');
  const { evaluation } = evaluated;
  const held = Object.fromEntries(evaluation.rules.map((rule) => [rule.name, rule.held]));
  return { evaluation, held, asked };
};

describe('the evaluation of a trained model', () => {
  it('shows what its training measured, and is not passed by it alone', async () => {
    const { evaluation, held, asked } = await evaluate(measured());
    expect(asked).toEqual([{ jobId: 'JOB', attempt: 2 }]);
    expect(evaluation).toMatchObject({ basis: 'text', simulated: false, outcome: 'insufficient_data' });
    expect(evaluation.text.items).toBe(10);
    expect(evaluation.text.candidateMean).toBeCloseTo(0.9);
    expect(evaluation.text.baselineMean).toBeCloseTo(0.8);
    expect(held).toMatchObject({ max_text_regression: true, max_loss_regression: true });
  });

  it('is vetoed by less likeness or more loss than the baseline has', async () => {
    const worse = measured({ items: scores(0.7, 0.8), evalLoss: { candidate: 1.3, baseline: 1.2 } });
    expect((await evaluate(worse)).held).toMatchObject({ max_text_regression: false, max_loss_regression: false });
  });

  it('leaves both rules out without a baseline', async () => {
    const alone = measured({ items: scores(0.7, null), evalLoss: { candidate: 1.3, baseline: null } });
    const { held } = await evaluate(alone);
    expect(held).not.toHaveProperty('max_text_regression');
    expect(held).not.toHaveProperty('max_loss_regression');
  });

  it('claims nothing when the training left nothing', async () => {
    const { evaluation } = await evaluate(undefined);
    expect(evaluation).toMatchObject({ outcome: 'insufficient_data', text: { items: 0 } });
  });

  it('of a simulated training asks for nothing', async () => {
    expect((await evaluate(measured(), true)).asked).toEqual([]);
  });
});
