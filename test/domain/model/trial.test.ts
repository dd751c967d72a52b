import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionAt } from '#domain/model/alias-stacks';
import { promote, rollBack } from '#domain/model/move-alias';
import { patchModel } from '#domain/model/patch-model';
import { registerVersion } from '#domain/model/register-version';
import type { Model } from '#domain/model/registered-model';
import { KEPT_TRIALS, openTrial } from '#domain/model/trial';
import { aModel, aNewVersion, anEvaluation, aVersion } from '#test/support/a-model';

const actor = { kind: 'user', id: 'ADA' } as const;
const time = (minute: number) => new Date(Date.UTC(2026, 4, 4, 12, minute)).toISOString();

/** A model that is changed step by step, a minute apart. */
const aHistory = (from: Model = aModel()) => {
  let [model, minute] = [from, 0];
  const step = (change: { readonly after: Model } | undefined) => {
    model = change?.after ?? model;
    minute++;
    return model;
  };
  const at = () => time(minute);
  return {
    promote: (version: string, alias = 'champion') =>
      step(promote(model, aVersion({ version }), { alias, force: false, actor, at: at() })),
    rollBack: () => step(rollBack(model, aVersion(), { alias: 'champion', actor, at: at() })),
    share: (challengerPercent: number) => step(patchModel(model, { challengerPercent }, { actor, at: at() })),
    describe: (description: string) => step(patchModel(model, { description }, { actor, at: at() })),
    register: (version: string, fields = {}) => step(registerVersion(model, aNewVersion({ version, ...fields }), at())),
    model: () => model,
  };
};

/** A champion 1.0.0 and a challenger 1.1.0 with a share of 20. */
const aTrial = () => {
  const history = aHistory();
  history.promote('1.0.0');
  history.promote('1.1.0', 'challenger');
  history.share(20);
  return history;
};

describe('a trial of a challenger', () => {
  it('begins when a share is given to it, and knows both versions', () => {
    const history = aHistory();
    history.promote('1.0.0');
    expect(history.share(20).trials).toBeUndefined();
    expect(history.promote('1.1.0', 'challenger').trials).toEqual([
      { number: 4, champion: '1.0.0', challenger: '1.1.0', since: time(2) },
    ]);
    expect(aTrial().model().trials).toEqual([{ number: 4, champion: '1.0.0', challenger: '1.1.0', since: time(2) }]);
  });

  it('goes on with another share, another description and another alias', () => {
    const history = aTrial();
    const { trials } = history.model();
    history.share(50);
    history.describe('writes code');
    expect(history.promote('1.0.0', 'stable').trials).toEqual(trials);
  });

  it('ends when the share is taken away, and another one begins when it is given back', () => {
    const history = aTrial();
    expect(openTrial(history.share(0))).toBeUndefined();
    expect(history.model().trials).toMatchObject([{ number: 4, endedAt: time(3) }]);
    expect(openTrial(history.share(10))).toEqual({
      number: 6,
      champion: '1.0.0',
      challenger: '1.1.0',
      since: time(4),
    });
  });

  it('begins anew when a version that passed its gate becomes the challenger', () => {
    const history = aTrial();
    expect(history.register('1.2.0').trials).toMatchObject([
      { challenger: '1.1.0', endedAt: time(3) },
      { champion: '1.0.0', challenger: '1.2.0', since: time(3) },
    ]);
  });

  it('ends when its challenger becomes the champion, and begins anew after the rollback', () => {
    const history = aTrial();
    expect(openTrial(history.promote('1.1.0'))).toBeUndefined();
    expect(openTrial(history.rollBack())).toMatchObject({ number: 6, champion: '1.0.0', challenger: '1.1.0' });
    expect(history.model().trials).toHaveLength(2);
  });

  it('leaves no trace where it would begin and end in one change', () => {
    const history = aTrial();
    const better = { outcome: 'passed', autoPromote: true, evaluation: anEvaluation() } as const;
    expect(history.register('1.2.0', better).trials).toMatchObject([{ challenger: '1.1.0', endedAt: time(3) }]);
  });

  it('is forgotten when ten others have followed', () => {
    const history = aTrial();
    for (let round = 0; round < KEPT_TRIALS; round++) {
      history.share(0);
      history.share(20);
    }
    const trials = history.model().trials ?? [];
    expect(trials).toHaveLength(KEPT_TRIALS);
    expect(trials[0]?.number).toBe(6);
  });

  it('is under way exactly while a share goes to a challenger that is not the champion, whatever happens', () => {
    const steps = fc.array(
      fc.oneof(
        fc.tuple(fc.constant('share' as const), fc.constantFrom(0, 20, 50)),
        fc.tuple(
          fc.constantFrom('champion' as const, 'challenger' as const),
          fc.constantFrom('1.0.0', '1.1.0', '2.0.0'),
        ),
      ),
      { maxLength: 25 },
    );
    const expected = ({ aliases, challengerPercent }: Model) => {
      const [champion, challenger] = [versionAt(aliases, 'champion'), versionAt(aliases, 'challenger')];
      const isTried = challengerPercent > 0 && champion && challenger && champion !== challenger;
      return isTried ? [[champion, challenger]] : [];
    };
    fc.assert(
      fc.property(steps, (taken) => {
        const history = aHistory();
        for (const [what, value] of taken) {
          if (what === 'share') history.share(Number(value));
          else history.promote(String(value), what);
          const { trials = [] } = history.model();
          const open = trials.filter(({ endedAt }) => endedAt === undefined);
          expect(open.map(({ champion, challenger }) => [champion, challenger])).toEqual(expected(history.model()));
          expect(new Set(trials.map(({ number }) => number)).size).toBe(trials.length);
        }
      }),
    );
  });
});
