import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedEnd, type TallyChange, tallyChanges } from '#domain/model/count-end';
import type { CountedEnd } from '#domain/model/counted-end';
import type { ModelResolution } from '#domain/model/resolve-model';
import { NO_TALLY, type Tally } from '#domain/model/tally';
import { noUsage } from '#domain/session/live';
import { aSession, NOON, someLive } from '#test/support/a-session';

const now = Date.parse(NOON);

const served = (fields: Partial<ModelResolution> = {}): ModelResolution => ({
  requested: 'registry/coder',
  version: '1.0.0',
  alias: 'champion',
  modelIdentifier: 'acme/coder',
  simulated: false,
  ...fields,
});

const live = (fields: Partial<ModelResolution> = {}) =>
  someLive({ servedBy: served(fields), activeSeconds: 12.5, usage: { ...noUsage, costUsd: 0.25 } });

describe('the end of a session', () => {
  it('counts for the version that served it, with what it cost', () => {
    const ended = aSession({ status: 'completed', successRate: 2 / 3 });
    expect(countedEnd(ended, live(), now)).toEqual({
      modelName: 'coder',
      version: '1.0.0',
      figures: {
        sessions: 1,
        completed: 1,
        rated: 1,
        successMillionths: 666_667,
        costMicros: 250_000,
        activeMs: 12_500,
      },
    });
  });

  it.each(['failed', 'timeout', 'orphaned', 'partially_completed'] as const)(
    'counts as not completed: %s',
    (status) => {
      const { figures } = countedEnd(aSession({ status }), live(), now) ?? expect.fail();
      expect(figures).toEqual({ sessions: 1, costMicros: 250_000, activeMs: 12_500 });
    },
  );

  it.each(['cancelled', 'stopped'] as const)('that was called off says nothing about the version: %s', (status) => {
    const { figures } = countedEnd(aSession({ status, successRate: 1 }), live(), now) ?? expect.fail();
    expect(figures).toEqual({ sessions: 1, calledOff: 1, costMicros: 250_000, activeMs: 12_500 });
  });

  it.each([
    ['champion', 'champion'],
    ['challenger', 'challenger'],
  ])('of a trial counts for its arm: %s', (alias, arm) => {
    expect(countedEnd(aSession({ status: 'failed' }), live({ alias, trial: 7 }), now)).toMatchObject({ trial: 7, arm });
  });

  it('counts for nothing where no agent had the work, no version served it, or a model was judged by it', () => {
    const ended = aSession({ status: 'completed' });
    expect(countedEnd(ended, undefined, now)).toBeUndefined();
    expect(countedEnd(ended, someLive({ modelResolution: served() }), now)).toBeUndefined();
    expect(countedEnd({ ...ended, evaluates: { jobId: 'JOB', attempt: 1 } }, live(), now)).toBeUndefined();
  });

  it.each<[string, boolean, boolean, boolean]>([
    ['counts nothing for a real version when a demo model stood in for it', false, true, false],
    ['counts for a simulated version, whoever did the work', true, true, true],
    ['counts for a simulated version whose base model did the work', true, false, true],
    ['counts for a real version that did the work', false, false, true],
  ])('%s', (_, simulated, isDemo, isCounted) => {
    const ended = aSession({ status: 'completed' });
    const counted = countedEnd(ended, live({ simulated }), now, isDemo);
    expect(counted !== undefined).toBe(isCounted);
  });

  it('counts no cost or time beyond what sums of many can bear', () => {
    const endless = { ...live(), activeSeconds: 1e12, usage: { ...noUsage, costUsd: 1e15 } };
    const { figures } = countedEnd(aSession({ status: 'failed' }), endless, now) ?? expect.fail();
    expect(figures).toMatchObject({ costMicros: 1e10, activeMs: 1e10 });
  });
});

const counted = (fields: Partial<CountedEnd> = {}): CountedEnd => ({
  modelName: 'coder',
  version: '1.0.0',
  figures: { sessions: 1, completed: 1 },
  ...fields,
});

describe('what an end changes', () => {
  it('is the tally of the version, and that of the arm where there is one', () => {
    const figures = { sessions: 1, completed: 1 };
    expect(tallyChanges(undefined, counted())).toEqual([{ modelName: 'coder', of: { version: '1.0.0' }, by: figures }]);
    expect(tallyChanges(undefined, counted({ trial: 7, arm: 'challenger' }))).toEqual([
      { modelName: 'coder', of: { version: '1.0.0' }, by: figures },
      { modelName: 'coder', of: { trial: 7, arm: 'challenger' }, by: figures },
    ]);
  });

  it('takes the place of an earlier end of the same session, of the same version or of another one', () => {
    const failed = counted({ figures: { sessions: 1, costMicros: 5 } });
    const now = counted({ figures: { sessions: 1, completed: 1, costMicros: 8 } });
    expect(tallyChanges(failed, now)).toEqual([
      { modelName: 'coder', of: { version: '1.0.0' }, by: { completed: 1, costMicros: 3 } },
    ]);
    expect(tallyChanges(failed, { ...now, version: '1.1.0' })).toEqual([
      { modelName: 'coder', of: { version: '1.0.0' }, by: { sessions: -1, costMicros: -5 } },
      { modelName: 'coder', of: { version: '1.1.0' }, by: { sessions: 1, completed: 1, costMicros: 8 } },
    ]);
    expect(tallyChanges(now, now)).toEqual([]);
  });

  it('adds up to the newest end of each session, whatever ends followed each other', () => {
    const ends = fc.record({
      version: fc.constantFrom('1.0.0', '1.1.0'),
      trial: fc.constantFrom(undefined, 3, 9),
      figures: fc.record({
        sessions: fc.constant(1),
        completed: fc.nat({ max: 1 }),
        rated: fc.nat({ max: 1 }),
        costMicros: fc.nat({ max: 1000 }),
      }),
    });
    const add = (sums: Map<string, Tally>, { of, by }: Pick<TallyChange, 'of' | 'by'>) => {
      const sum = sums.get(JSON.stringify(of)) ?? NO_TALLY;
      const names = Object.keys(sum) as (keyof Tally)[];
      const grown = names.map((name) => [name, sum[name] + (by[name] ?? 0)]);
      sums.set(JSON.stringify(of), Object.fromEntries(grown) as unknown as Tally);
    };
    const sumOf = (changes: readonly TallyChange[]) => {
      const sums = new Map<string, Tally>();
      for (const change of changes) add(sums, change);
      return new Map([...sums].filter(([, { sessions }]) => sessions !== 0));
    };
    const endOf = (end: Partial<CountedEnd>) => counted({ ...end, ...(end.trial ? { arm: 'champion' } : {}) });
    const session = fc.array(ends.map(endOf), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(session, { maxLength: 5 }), (sessions) => {
        const stepwise = sessions.flatMap((all) => all.flatMap((end, index) => tallyChanges(all[index - 1], end)));
        const newest = sessions.flatMap((all) => tallyChanges(undefined, all.at(-1) ?? expect.fail()));
        expect(sumOf(stepwise)).toEqual(sumOf(newest));
      }),
    );
  });
});
