import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionAt } from '#domain/model/alias-stacks';
import { archiveVersion } from '#domain/model/archive-version';
import {
  AliasMoved,
  ModelNotApproved,
  ModelVersionArchived,
  ModelVersionInUse,
  NothingToRollBack,
} from '#domain/model/errors';
import { type Promotion, promote, rollBack, rollbackTarget } from '#domain/model/move-alias';
import { patchModel } from '#domain/model/patch-model';
import type { Model } from '#domain/model/registered-model';
import { aModel, aVersion } from '#test/support/a-model';
import { NOON } from '#test/support/a-session';

const actor = { kind: 'user', id: 'ADA' } as const;
const by = { actor, at: NOON };
const promotion = (fields: Partial<Promotion> = {}): Promotion => ({
  alias: 'champion',
  force: false,
  ...by,
  ...fields,
});

const moved = (model: Model, version: string, fields: Partial<Promotion> = {}) =>
  promote(model, aVersion({ version }), promotion(fields)) ?? expect.fail('nothing was moved');

describe('promoting a version', () => {
  it('moves the alias, and says who did it and why', () => {
    const first = moved(aModel(), '1.0.0').after;
    const { after, moves, events } = moved(first, '1.1.0', { reason: 'it is faster' });
    expect(after.aliases).toEqual({ champion: ['1.0.0', '1.1.0'] });
    expect(after.version).toBe(first.version + 1);
    expect(moves).toEqual([
      {
        modelName: 'coder',
        seq: after.version,
        alias: 'champion',
        action: 'promote',
        fromVersion: '1.0.0',
        toVersion: '1.1.0',
        simulated: false,
        actor,
        reason: 'it is faster',
        forced: false,
        at: NOON,
      },
    ]);
    expect(events).toEqual([
      {
        stream: 'model:coder',
        seq: after.version,
        type: 'model.promoted',
        payload: {
          model_name: 'coder',
          version: '1.1.0',
          alias: 'champion',
          from_version: '1.0.0',
          actor,
          reason: 'it is faster',
          forced: false,
          simulated: false,
        },
        timestamp: NOON,
      },
    ]);
  });

  it('needs an approved one, unless somebody insists', () => {
    const { evaluation } = aVersion();
    const rejected = aVersion({ status: 'rejected' });
    expect(() => promote(aModel(), rejected, promotion())).toThrow(ModelNotApproved);
    expect(() => promote(aModel(), aVersion({ status: 'registered', evaluation: null }), promotion())).toThrow(
      expect.objectContaining({ extras: { rules: [] } }),
    );
    expect(() => promote(aModel(), rejected, promotion())).toThrow(
      expect.objectContaining({ extras: { rules: evaluation?.rules } }),
    );
    const forced = promote(aModel(), rejected, promotion({ force: true, reason: 'known issue' }));
    expect(forced?.moves).toMatchObject([{ forced: true, reason: 'known issue' }]);
    expect(moved(aModel(), '1.0.0', { force: true }).moves).toMatchObject([{ forced: false }]);
  });

  it('never takes an archived one', () => {
    const archived = aVersion({ status: 'archived' });
    expect(() => promote(aModel(), archived, promotion({ force: true, reason: 'please' }))).toThrow(
      ModelVersionArchived,
    );
  });

  it('loses against whoever moved the alias before', () => {
    const model = aModel({ aliases: { champion: ['1.0.0'] } });
    expect(() => moved(model, '1.1.0', { expectedVersion: '0.9.0' })).toThrow(AliasMoved);
    expect(() => moved(model, '1.1.0', { expectedVersion: null })).toThrow('champion points to version 1.0.0');
    expect(() => moved(aModel(), '1.1.0', { expectedVersion: '1.0.0' })).toThrow('champion points to no version');
    expect(moved(model, '1.1.0', { expectedVersion: '1.0.0' }).moves).toHaveLength(1);
    expect(moved(aModel(), '1.1.0', { expectedVersion: null }).moves).toHaveLength(1);
  });

  it('that is there already changes nothing', () => {
    const model = aModel({ aliases: { champion: ['1.0.0'] } });
    const rejected = aVersion({ status: 'rejected' });
    expect(promote(model, rejected, promotion())).toBeUndefined();
    expect(promote(model, aVersion(), promotion({ servingModelIdentifier: 'acme/coder-1.0.0' }))).toBeUndefined();
  });

  it('says under which name agents reach it, also where the alias stays', () => {
    const served = { servingModelIdentifier: 'acme/new' };
    const there = aModel({ aliases: { champion: ['1.0.0'] } });
    const renamed = promote(there, aVersion(), promotion(served));
    expect(renamed?.version?.after.servingModelIdentifier).toBe('acme/new');
    expect(renamed).toMatchObject({ moves: [], events: [{ type: 'model.updated', payload: { version: '1.0.0' } }] });
    const both = promote(aModel(), aVersion(), promotion(served));
    expect(both?.version?.after.servingModelIdentifier).toBe('acme/new');
    expect(both?.moves).toHaveLength(1);
    expect(promote(aModel(), aVersion(), promotion())?.version).toBeUndefined();
  });
});

describe('rolling back', () => {
  it('goes through what was promoted, newest first, until nothing is left', () => {
    const third = ['1.0.0', '1.1.0', '1.2.0'].reduce((model, version) => moved(model, version).after, aModel());
    expect(rollbackTarget(third, 'champion')).toBe('1.1.0');
    const back = rollBack(third, aVersion({ version: '1.1.0' }), { alias: 'champion', reason: 'slow', ...by });
    expect(back.moves).toMatchObject([
      { action: 'rollback', fromVersion: '1.2.0', toVersion: '1.1.0', reason: 'slow', forced: false },
    ]);
    expect(back.events).toMatchObject([{ type: 'model.rolled_back', payload: { from_version: '1.2.0' } }]);
    const again = rollBack(back.after, aVersion(), { alias: 'champion', ...by });
    expect(again.after.aliases).toEqual({ champion: ['1.0.0'] });
    expect(() => rollbackTarget(again.after, 'champion')).toThrow(NothingToRollBack);
  });
});

describe('a model', () => {
  it('knows of each alias whether the training of its version was simulated, whatever moved', () => {
    const simulatedOnes = ['1.1.0', '1.3.0'];
    const move = fc.record({
      alias: fc.constantFrom('champion', 'challenger', 'canary'),
      version: fc.constantFrom<string | undefined>('1.0.0', '1.1.0', '1.2.0', '1.3.0', undefined),
    });
    const versionOf = (version: string) => aVersion({ version, simulated: simulatedOnes.includes(version) });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        let model = aModel();
        for (const { alias, version } of moves) {
          const canGoBack = (model.aliases[alias]?.length ?? 0) > 1;
          if (version !== undefined) model = promote(model, versionOf(version), promotion({ alias }))?.after ?? model;
          else if (canGoBack) model = rollBack(model, versionOf(rollbackTarget(model, alias)), { alias, ...by }).after;
          const expected = Object.keys(model.aliases).filter((name) =>
            simulatedOnes.includes(versionAt(model.aliases, name) ?? ''),
          );
          expect((model.simulatedAliases ?? []).toSorted()).toEqual(expected.toSorted());
        }
      }),
    );
  });
});

describe('archiving a version', () => {
  it('is refused while an alias points to it', () => {
    const model = aModel({ aliases: { champion: ['1.0.0'], stable: ['1.0.0'] } });
    expect(() => archiveVersion(model, aVersion(), by)).toThrow(ModelVersionInUse);
    expect(() => archiveVersion(model, aVersion(), by)).toThrow('champion, stable point to version 1.0.0');
    expect(() => archiveVersion(aModel({ aliases: { champion: ['1.0.0'] } }), aVersion(), by)).toThrow(
      'champion points to version 1.0.0',
    );
  });

  it('takes it out of every stack, so that no rollback leads to it', () => {
    const model = aModel({ aliases: { champion: ['0.9.0', '1.0.0', '1.1.0'] } });
    const change = archiveVersion(model, aVersion(), by) ?? expect.fail();
    expect(change.version?.after.status).toBe('archived');
    expect(change.events).toMatchObject([{ type: 'model.archived', payload: { version: '1.0.0', actor } }]);
    expect(rollbackTarget(change.after, 'champion')).toBe('0.9.0');
  });

  it('twice is once', () => {
    expect(archiveVersion(aModel(), aVersion({ status: 'archived' }), by)).toBeUndefined();
  });
});

describe('changing a model', () => {
  it('says what changed, and nothing where nothing did', () => {
    const change = patchModel(aModel(), { description: 'writes code', challengerPercent: 20 }, by) ?? expect.fail();
    expect(change.after).toMatchObject({ description: 'writes code', challengerPercent: 20 });
    expect(change.events).toMatchObject([
      { type: 'model.updated', payload: { changed: ['description', 'challenger_percent'], actor } },
    ]);
    expect(patchModel(change.after, { description: 'writes code' }, by)).toBeUndefined();
    expect(patchModel(aModel(), { description: null }, by)).toBeUndefined();
    expect(patchModel(change.after, { description: null }, by)?.after.description).toBeUndefined();
    expect(patchModel(change.after, { challengerPercent: 0 }, by)?.events).toMatchObject([
      { payload: { changed: ['challenger_percent'] } },
    ]);
  });
});
