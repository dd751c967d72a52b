import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Advance, advance, type Heard, type ProviderReport, type StandingJob } from '#domain/training-job/advance';
import { createTrainingJob } from '#domain/training-job/create-job';
import { isFurther } from '#domain/training-job/status';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { NOON } from '#test/support/a-session';
import { aTrainingInput } from '#test/support/a-training-job';

const now = Date.parse(NOON);
const fields = { baseModel: 'b', targetModelName: 'm', modelVersion: '1.0.0', datasetId: 'D', createdBy: 'U' };
const created = createTrainingJob({ ...fields, tenantId: 'A', id: 'JOB', provider: 'sagemaker', isGated: true }, NOON);

const prices = { usdPerHour: 1.5, tokensPerSecond: 1500, startupSeconds: 240, uploadSeconds: 120, spotFactor: 0.4 };
const live: TrainingLive = {
  jobId: 'JOB',
  attempt: 1,
  estimate: {
    tokens: 1,
    seconds: 1,
    expectedUsd: 1,
    maxUsd: 6,
    evaluationMaxUsd: 0,
    priceTableVersion: 'p',
    asOf: 'd',
    prices,
    simulated: false,
  },
  externalJobId: 'x',
  revision: 1,
};
const standing = (job: Partial<TrainingJob> = {}): StandingJob => ({
  job: { ...created.after, status: 'queued', ...job },
  input: aTrainingInput(),
  live,
});
const report = (status: ProviderReport['status'], more: Partial<ProviderReport> = {}): ProviderReport => ({
  status,
  points: [],
  ...more,
});
const statuses = ({ change }: Advance) => change?.events.map(({ payload }) => payload['new_status']) ?? [];

describe('a look at a training', () => {
  it.each([
    ['queued', report('running'), ['running']],
    ['queued', report('completed'), ['running', 'evaluating']],
    ['queued', report('failed'), ['failed']],
    ['queued', report('cancelled'), ['cancelled']],
    ['running', report('completed'), ['evaluating']],
    ['running', report('queued'), []],
    ['running', report('unknown'), []],
    ['running', undefined, []],
    ['evaluating', report('failed'), []],
    ['completed', report('running'), []],
    ['failed', 'missing', []],
  ] as const)('takes a %s job as far as its provider is', (status, news, expected) => {
    expect(statuses(advance(standing({ status, startedAt: NOON }), news, now))).toEqual(expected);
  });

  it('leaves a trained job running that has no gate: it is complete with its model version', () => {
    const after = advance(standing({ status: 'running', startedAt: NOON, isGated: false }), report('completed'), now);
    expect(statuses(after)).toEqual([]);
    expect(after.live.trainedAt).toBe(NOON);
  });

  it('cancels what was to be cancelled, however its provider ended it, and says so when nobody asked', () => {
    const asked = standing({ status: 'running', startedAt: NOON, cancelRequestedAt: NOON });
    for (const status of ['completed', 'failed', 'cancelled'] as const)
      expect(statuses(advance(asked, report(status), now))).toEqual(['cancelled']);
    const unasked = advance(standing({ status: 'running', startedAt: NOON }), report('cancelled'), now);
    expect(unasked.change?.after.error?.code).toBe('STOPPED_EXTERNALLY');
  });

  it('prices what was billed, and knows what spot saved', () => {
    const done = report('completed', { billableSeconds: 1440, trainingSeconds: 3600 });
    expect(advance(standing(), done, now).live.cost).toEqual({
      usd: 0.6,
      billableSeconds: 1440,
      spotSavings: 0.6,
      source: 'priced',
    });
    expect(advance(standing(), report('completed'), now).live.cost).toBeUndefined();
  });

  it.each([
    ['queued', {}, 24 * 3600, 'TRAINING_TIMEOUT'],
    ['running', { startedAt: NOON }, 28_800 + 900, 'TRAINING_TIMEOUT'],
    ['evaluating', {}, 24 * 3600 + 900, 'EVALUATION_FAILED'],
  ] as const)('ends a %s job when its time is over, and not a second before', (status, more, seconds, code) => {
    const late = (extra: number) =>
      advance(standing({ status, statusUpdatedAt: NOON, ...more }), undefined, now + (seconds + extra) * 1000);
    expect(late(-1).change).toBeUndefined();
    expect(late(0).change?.after).toMatchObject({ status: 'failed', error: { code } });
  });

  it('only goes forward, whatever reports come in whatever order, doubled and late', () => {
    const news = fc.oneof(
      fc.constantFrom<Heard>('missing', undefined),
      fc
        .tuple(
          fc.constantFrom<ProviderReport['status']>('queued', 'running', 'unknown', 'completed', 'failed'),
          fc.nat(100),
        )
        .map(([status, step]) => report(status, { step, totalSteps: 100, progress: step / 100 })),
    );
    fc.assert(
      fc.property(fc.array(news, { maxLength: 12 }), (all) => {
        let at = standing();
        for (const each of all) {
          const after = advance(at, each, now);
          const next = { ...at, job: after.change?.after ?? at.job, live: after.live };
          if (after.change) expect(isFurther(at.job.status, next.job.status)).toBe(true);
          expect(next.live.step ?? 0).toBeGreaterThanOrEqual(at.live.step ?? 0);
          expect(advance(next, each, now).change).toBeUndefined();
          at = next;
        }
      }),
    );
  });
});
