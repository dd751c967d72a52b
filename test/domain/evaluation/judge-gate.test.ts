import { describe, expect, it } from 'vitest';
import { compare } from '#domain/evaluation/compare';
import { DEFAULT_GATE, type GateRules, servingName } from '#domain/evaluation/gate-rules';
import { type Judged, judgeGate } from '#domain/evaluation/judge-gate';

const comparisonOf = (both: number, candidateOnly: number, baselineOnly: number, neither = 0) =>
  compare([
    ...Array.from({ length: both }, () => ({ candidate: true, baseline: true })),
    ...Array.from({ length: candidateOnly }, () => ({ candidate: true, baseline: false })),
    ...Array.from({ length: baselineOnly }, () => ({ candidate: false, baseline: true })),
    ...Array.from({ length: neither }, () => ({ candidate: false, baseline: false })),
  ]);

const better = comparisonOf(10, 8, 1, 1);
const equal = comparisonOf(20, 0, 0);
const worse = comparisonOf(10, 1, 8, 1);

const judged = (fields: Partial<Judged> = {}): Judged => ({
  basis: 'replay',
  comparison: equal,
  text: { items: 0 },
  candidateLoss: null,
  baselineLoss: null,
  candidateAccuracy: null,
  ...fields,
});

const judge = (gate: Partial<GateRules>, fields: Partial<Judged> = {}) => {
  const { outcome, rules } = judgeGate({ ...DEFAULT_GATE, ...gate }, judged(fields));
  return { outcome, rules, broken: rules.filter(({ held }) => !held).map(({ name }) => name) };
};

describe('the gate', () => {
  it('lets a better and an equal model pass, and refuses a worse one', () => {
    expect(judge({}, { comparison: better }).outcome).toBe('passed');
    expect(judge({}, { comparison: equal }).outcome).toBe('passed');
    expect(judge({}, { comparison: worse })).toMatchObject({
      outcome: 'failed',
      broken: ['not_worse', 'min_improvement'],
    });
  });

  it('is open when it is off', () => {
    expect(judge({ enabled: false }, { comparison: worse })).toMatchObject({ outcome: 'skipped', rules: [] });
  });

  it('says too little is known with fewer pairs than it asks for, whatever they say', () => {
    const nine = comparisonOf(9, 0, 0);
    expect(judge({}, { comparison: nine })).toMatchObject({
      outcome: 'insufficient_data',
      broken: ['min_eval_samples'],
    });
    expect(judge({ minEvalSamples: 9 }, { comparison: nine }).outcome).toBe('passed');
    expect(judge({}, { comparison: comparisonOf(0, 0, 9) }).outcome).toBe('insufficient_data');
    expect(judge({}, { comparison: compare([]) })).toMatchObject({
      outcome: 'insufficient_data',
      broken: ['min_eval_samples', 'not_worse', 'min_improvement'],
    });
  });

  it('names every rule that it looked at, with value and threshold', () => {
    const fields = {
      comparison: better,
      text: { items: 10, candidateMean: 0.6, baselineMean: 0.64 },
      candidateLoss: 1,
      baselineLoss: 1.2,
      candidateAccuracy: 0.7,
    };
    const gate = { requireBetter: true, minPassRate: 0.9, maxEvalLoss: 1, minAccuracy: 0.7 };
    const { outcome, rules } = judge(gate, fields);
    expect(outcome).toBe('passed');
    expect(rules.map(({ name, value, threshold }) => [name, value, threshold])).toEqual([
      ['min_eval_samples', 20, 10],
      ['not_worse', 'better', 'not worse'],
      ['require_better', 'better', 'better'],
      ['min_improvement', expect.closeTo(0.35, 10), 0],
      ['max_text_regression', 0.6, expect.closeTo(0.59, 10)],
      ['max_loss_regression', 1, expect.closeTo(1.224, 10)],
      ['min_pass_rate', 0.9, 0.9],
      ['max_eval_loss', 1, 1],
      ['min_accuracy', 0.7, 0.7],
    ]);
  });

  it.each<[string, Partial<GateRules>, Partial<Judged>]>([
    ['require_better', { requireBetter: true }, { comparison: equal }],
    ['min_improvement', { minImprovement: 0.36 }, { comparison: better }],
    ['max_text_regression', {}, { text: { items: 10, candidateMean: 0.6, baselineMean: 0.66 } }],
    ['max_loss_regression', {}, { candidateLoss: 1.03, baselineLoss: 1 }],
    ['min_pass_rate', { minPassRate: 0.91 }, { comparison: better }],
    ['max_eval_loss', { maxEvalLoss: 0.99 }, { candidateLoss: 1 }],
    ['min_accuracy', { minAccuracy: 0.71 }, { candidateAccuracy: 0.7 }],
    ['max_eval_loss', { maxEvalLoss: 5 }, {}],
    ['min_accuracy', { minAccuracy: 0.1 }, {}],
  ])('refuses by %s alone', (name, gate, fields) => {
    expect(judge(gate, fields)).toMatchObject({ outcome: 'failed', broken: [name] });
  });

  it('takes a rule at its very limit as held', () => {
    expect(judge({ minImprovement: 0.35 }, { comparison: better }).outcome).toBe('passed');
    const text = { items: 10, candidateMean: 0.55, baselineMean: 0.6 };
    expect(judge({}, { text, candidateLoss: 1.02, baselineLoss: 1 }).outcome).toBe('passed');
  });

  it('leaves text and loss out where they are not known, or of too few items', () => {
    const few = { items: 9, candidateMean: 0.1, baselineMean: 0.9 };
    const names = judge({}, { text: few, candidateLoss: 3 }).rules.map(({ name }) => name);
    expect(names).toEqual(['min_eval_samples', 'not_worse', 'min_improvement']);
    expect(judge({}, { text: { items: 20, candidateMean: 0.1 } }).outcome).toBe('passed');
  });

  it('can only refuse by texts, never let pass', () => {
    const text = { items: 30, candidateMean: 0.9, baselineMean: 0.6 };
    const nothing = compare([]);
    expect(judge({}, { basis: 'text', comparison: nothing, text }).outcome).toBe('insufficient_data');
    expect(judge({ minEvalSamples: 0 }, { basis: 'text', comparison: nothing, text }).outcome).toBe(
      'insufficient_data',
    );
    const unlike = { items: 30, candidateMean: 0.5, baselineMean: 0.6 };
    expect(judge({}, { basis: 'text', comparison: nothing, text: unlike }).outcome).toBe('failed');
    expect(judge({ maxEvalLoss: 1 }, { basis: 'text', comparison: nothing, text }).outcome).toBe('insufficient_data');
  });

  it('names a version to the agents that serve it', () => {
    expect(servingName('acme/coder-{version}', '1.2.0')).toBe('acme/coder-1.2.0');
    expect(servingName(null, '1.2.0')).toBeNull();
  });
});
