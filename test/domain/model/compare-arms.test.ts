import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArms } from '#domain/model/compare-arms';
import { averageSuccessRate, NO_TALLY, type Tally } from '#domain/model/tally';

const aTally = (fields: Partial<Tally> = {}): Tally => ({ ...NO_TALLY, ...fields });

const four = (value: number | null) => value && Number(value.toFixed(4));

describe('the challenger beside the champion', () => {
  it('is better when it completes so many more that chance hardly explains it', () => {
    const champion = aTally({ sessions: 50, completed: 30, rated: 40, successMillionths: 30e6, costMicros: 5e6 });
    const challenger = aTally({ sessions: 52, completed: 45, calledOff: 2, activeMs: 3_120_000 });
    const found = compareArms(champion, challenger);
    expect([four(found.pValue), found.verdict]).toEqual([0.001, 'better']);
    expect(found.champion).toMatchObject({ completionRate: 0.6, averageSuccessRate: 0.75, averageCostUsd: 0.1 });
    expect(found.challenger).toMatchObject({
      sessions: 52,
      calledOff: 2,
      completionRate: 0.9,
      averageSuccessRate: null,
    });
    expect(found.challenger.averageActiveSeconds).toBe(60);
    expect(found.challenger.interval?.map(four)).toEqual([0.7864, 0.9565]);
  });

  it('is not told apart by the 17 of 20 against 13 of 20 that pairs do not tell apart either', () => {
    const found = compareArms(aTally({ sessions: 20, completed: 13 }), aTally({ sessions: 20, completed: 17 }));
    expect([four(found.pValue), found.verdict]).toEqual([0.2733, 'not_distinguishable']);
  });

  it('has no verdict before both have a session that nobody called off', () => {
    const none = compareArms(aTally({ sessions: 5, completed: 5 }), aTally({ sessions: 2, calledOff: 2 }));
    expect(none).toMatchObject({ pValue: null, verdict: null });
    expect(none.challenger).toMatchObject({ sessions: 2, completionRate: null, interval: null, averageCostUsd: 0 });
    expect(compareArms(NO_TALLY, aTally({ sessions: 1 })).champion).toMatchObject({
      averageCostUsd: null,
      averageActiveSeconds: null,
    });
  });

  it('swaps the verdict when the two swap their places', () => {
    const opposite = { better: 'worse', worse: 'better', not_distinguishable: 'not_distinguishable' } as const;
    const tallies = fc
      .integer({ min: 1, max: 80 })
      .chain((sessions) => fc.nat({ max: sessions }).map((completed) => aTally({ sessions, completed })));
    fc.assert(
      fc.property(tallies, tallies, (a, b) => {
        const [one, other] = [compareArms(a, b), compareArms(b, a)];
        expect(other.verdict).toBe(one.verdict && opposite[one.verdict]);
        expect(one.champion).toEqual(other.challenger);
      }),
    );
  });
});

describe('the average success rate', () => {
  it('is that of the sessions whose rate is known, and unknown without one', () => {
    expect(averageSuccessRate(aTally({ sessions: 9, rated: 3, successMillionths: 2_000_001 }))).toBe(0.666667);
    expect(averageSuccessRate(aTally({ sessions: 9 }))).toBeNull();
  });
});
