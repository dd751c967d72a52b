import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Advance, advance, type Heard, type ProviderReport, type StandingJob } from '#domain/training-job/advance';
import { isFurther } from '#domain/training-job/status';
import type { TrainingJob } from '#domain/training-job/training-job';
import { NOON } from '#test/support/a-session';
import { aStandingTraining } from '#test/support/a-training-job';

const now = Date.parse(NOON);
const standing: (job?: Partial<TrainingJob>) => StandingJob = aStandingTraining;
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
