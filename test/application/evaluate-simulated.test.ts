import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeEvaluate } from '#application/evaluate-training';
import type { TrainingState } from '#application/training-writes';
import { KEPT_PAIRS } from '#domain/evaluation/evaluation';
import type { GateRules } from '#domain/evaluation/gate-rules';
import type { ModelVersion } from '#domain/model/registered-model';
import { DEFAULT_PARAMETERS } from '#domain/training-job/parameters';
import { DEFAULT_SIMULATION, simulatedLosses } from '#domain/training-job/simulation';
import { aModel, aVersion } from '#test/support/a-model';
import { aTrainingInput } from '#test/support/a-training-job';
import { aClock, countedIdentifiers } from '#test/support/ports-in-memory';

const { sha256 } = nodeDigest;

const dataset = {
  sha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
  trainSamples: 450,
  evalSamples: 50,
  trainTokens: 540_000,
};

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    sessionId: `S${index}`,
    rootSessionId: `S${index}`,
    contentHash: sha256(`sample ${index}`),
    replayable: true,
  }));

interface Case {
  readonly shift?: number;
  readonly samples?: number;
  readonly gate?: Partial<GateRules>;
  readonly champion?: ModelVersion;
}

/** The evaluation of a simulated training whose losses are shifted so much. */
const evaluated = async ({ shift = 0, samples = 50, gate = {}, champion }: Case = {}) => {
  const baseModel = 'mistralai/Mistral-7B-v0.1';
  const simulation = { ...DEFAULT_SIMULATION, qualityShift: shift };
  const training = { baseModel, parameters: DEFAULT_PARAMETERS, simulation, datasetSha256: dataset.sha256, ...dataset };
  const { evalLoss, accuracy } = simulatedLosses(sha256, training, 339);
  const state = {
    job: {
      id: 'JOB',
      tenantId: 'A',
      attempt: 1,
      simulated: true,
      targetModelName: 'coder',
      modelVersion: '1.1.0',
      baseModel,
      datasetId: 'D',
    },
    input: aTrainingInput({ gate, simulation }),
    live: { dataset, metrics: { evalLoss, accuracy } },
  } as unknown as TrainingState;
  const evaluate = makeEvaluate({
    store: {
      ...makeTenantStore(makeMemoryEngine(), 'A'),
      findModel: async () => (champion ? aModel({ aliases: { champion: [champion.version] } }) : undefined),
      findModelVersion: async () => champion,
    },
    clock: aClock(),
    ids: countedIdentifiers(),
    digest: nodeDigest,
    outputsOf: () => expect.fail('a simulated training leaves nothing'),
    evalItems: async () => items(samples),
  });
  const { evaluation, pairs } = (await evaluate(state)) ?? expect.fail('there is no evaluation');
  return { evaluation, pairs, broken: evaluation.rules.filter(({ held }) => !held).map(({ name }) => name) };
};

const champion = (evalLoss: number | null) =>
  aVersion({
    servingModelIdentifier: null,
    simulated: true,
    metrics: { finalLoss: null, evalLoss, accuracy: null, trainingDurationSeconds: null, tokensProcessed: null },
  });

describe('the evaluation of a simulated training', () => {
  it('finds the first model better than the base model before any training, and says that it is simulated', async () => {
    const { evaluation, pairs } = await evaluated();
    expect(evaluation).toMatchObject({ basis: 'simulated', simulated: true, outcome: 'passed', verdict: 'better' });
    const loss = evaluation.rules.find(({ name }) => name === 'max_loss_regression');
    expect(loss).toMatchObject({ value: 0.9802, threshold: expect.closeTo(2.1971 * 1.02, 6) });
    expect(pairs).toHaveLength(50);
    expect(pairs.filter(({ candidate }) => candidate)).toHaveLength(evaluation.candidate.passed);
    expect(pairs[0]).toMatchObject({ sessionId: 'S0', candidateSessionId: null, baselineSessionId: null });
  });

  it('compares with the champion, and finds one with the same loss not distinguishable', async () => {
    const { evaluation } = await evaluated({ champion: champion(0.9802) });
    expect(evaluation).toMatchObject({ outcome: 'passed', verdict: 'not_distinguishable', pValue: 1 });
    expect(evaluation.candidateOnly + evaluation.baselineOnly).toBe(0);
  });

  it('is forced worse than the champion by its quality, and every rule that breaks is named', async () => {
    const { evaluation, broken } = await evaluated({ shift: 1, champion: champion(0.5) });
    expect(evaluation).toMatchObject({ outcome: 'failed', verdict: 'worse' });
    expect(broken).toEqual(['not_worse', 'min_improvement', 'max_loss_regression']);
  });

  it('is forced better by its quality', async () => {
    const { evaluation } = await evaluated({ shift: -0.9, champion: champion(1.5), gate: { requireBetter: true } });
    expect(evaluation).toMatchObject({ outcome: 'passed', verdict: 'better' });
  });

  it('has too little to go by with few samples, and with a training that measured no loss', async () => {
    expect((await evaluated({ samples: 9 })).evaluation.outcome).toBe('insufficient_data');
    expect((await evaluated({ samples: 0 })).evaluation).toMatchObject({ outcome: 'insufficient_data' });
    expect((await evaluated({ champion: champion(null) })).evaluation.verdict).toBe('better');
  });

  it('keeps the first pairs to be looked at, and counts them all', async () => {
    const { evaluation, pairs } = await evaluated({ samples: KEPT_PAIRS + 50 });
    expect(pairs).toHaveLength(KEPT_PAIRS);
    expect(evaluation.candidate.pairs).toBe(KEPT_PAIRS + 50);
  });

  it('says the same each time', async () => {
    expect(await evaluated()).toEqual(await evaluated());
  });
});
