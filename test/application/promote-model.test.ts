import { beforeEach, describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeArchiveVersion } from '#application/archive-version';
import { makePromoteModel, type PromoteModelInput } from '#application/promote-model';
import { makeRollbackModel } from '#application/rollback-model';
import { makeUpdateModel } from '#application/update-model';
import { NotFound, PreconditionFailed } from '#domain/errors';
import { AliasMoved, ModelVersionInUse, NothingToRollBack } from '#domain/model/errors';
import { aClock, countedIdentifiers, entities } from '#test/support/ports-in-memory';
import { aRegisteredVersion } from '#test/support/registered-models';

const actor = { kind: 'user', id: 'ADA' } as const;

const aRegistry = async (...versions: string[]) => {
  const engine = makeMemoryEngine();
  const [clock, ids] = [aClock(), countedIdentifiers()];
  const store = makeTenantStore(engine, 'A');
  for (const version of versions) await aRegisteredVersion({ store, ids }, { version });
  const ports = { store, clock, ids };
  const promoteModel = makePromoteModel(ports);
  return {
    store,
    everything: () => structuredClone(engine.items()),
    events: () => entities(engine.items(), 'event').map(({ type, seq }) => [type, seq]),
    promote: (version: string, fields: Partial<PromoteModelInput> = {}) =>
      promoteModel({ modelName: 'coder', version, alias: 'champion', force: false, actor, ...fields }),
    rollBack: (fields = {}) => makeRollbackModel(ports)({ modelName: 'coder', alias: 'champion', actor, ...fields }),
    archive: (version: string, fields = {}) =>
      makeArchiveVersion(ports)({ modelName: 'coder', version, actor, ...fields }),
    update: (patch: object, fields = {}) => makeUpdateModel(ports)({ modelName: 'coder', patch, actor, ...fields }),
    champion: async () => (await store.getModel('coder')).aliases['champion']?.at(-1),
  };
};

let registry: Awaited<ReturnType<typeof aRegistry>>;
beforeEach(async () => {
  registry = await aRegistry('1.0.0', '1.1.0', '1.2.0');
});

describe('promoting three versions and rolling back three times', () => {
  it('leads back to the first, then refuses, and leaves five entries in order', async () => {
    const { promote, rollBack, store, champion } = registry;
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await promote(version, { reason: `try ${version}` });
    expect((await rollBack({ reason: 'slow' })).aliases['champion']).toEqual(['1.0.0', '1.1.0']);
    expect((await rollBack()).aliases['champion']).toEqual(['1.0.0']);
    await expect(rollBack()).rejects.toThrow(NothingToRollBack);
    expect(await champion()).toBe('1.0.0');
    const { items } = await store.listAliasMoves('coder', { limit: 20 });
    const ofChampion = items.filter(({ alias }) => alias === 'champion');
    expect(
      ofChampion.map(({ action, fromVersion, toVersion, reason }) => [action, fromVersion, toVersion, reason]),
    ).toEqual([
      ['rollback', '1.1.0', '1.0.0', null],
      ['rollback', '1.2.0', '1.1.0', 'slow'],
      ['promote', '1.1.0', '1.2.0', 'try 1.2.0'],
      ['promote', '1.0.0', '1.1.0', 'try 1.1.0'],
      ['promote', null, '1.0.0', 'try 1.0.0'],
    ]);
    expect(ofChampion.every(({ actor: { id } }) => id === 'ADA')).toBe(true);
  });

  it('announces each move once, in the order of the model', async () => {
    const { promote, rollBack, events, store } = registry;
    const { version } = await store.getModel('coder');
    await promote('1.0.0');
    await promote('1.1.0');
    await rollBack();
    expect(events().slice(-3)).toEqual([
      ['model.promoted', version + 1],
      ['model.promoted', version + 2],
      ['model.rolled_back', version + 3],
    ]);
    expect((await store.getModel('coder')).version).toBe(version + 3);
  });
});

describe('promoting a version', () => {
  it('has one winner among twenty at once that saw the same champion', async () => {
    const { promote, champion, store } = registry;
    await promote('1.0.0');
    const targets = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? '1.1.0' : '1.2.0'));
    const all = await Promise.allSettled(targets.map((version) => promote(version, { expectedVersion: '1.0.0' })));
    const lost = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toHaveLength(19);
    for (const reason of lost) expect(reason).toBeInstanceOf(AliasMoved);
    const winner = targets[all.findIndex(({ status }) => status === 'fulfilled')];
    expect(await champion()).toBe(winner);
    const { items } = await store.listAliasMoves('coder', { limit: 50 });
    expect(items.filter(({ alias }) => alias === 'champion')).toHaveLength(2);
  });

  it('that is there already writes nothing', async () => {
    const { promote, everything } = registry;
    await promote('1.1.0');
    const before = everything();
    await promote('1.1.0');
    expect(everything()).toEqual(before);
  });

  it('keeps the name that agents reach it by', async () => {
    const { promote, store } = registry;
    await promote('1.1.0', { servingModelIdentifier: 'acme/coder-new' });
    const found = await store.findModelVersion('coder', '1.1.0');
    expect(found).toMatchObject({ servingModelIdentifier: 'acme/coder-new', status: 'approved', revision: 2 });
  });

  it('is refused for an unknown model or version, and for another state of the model', async () => {
    const { promote, rollBack, update, everything } = registry;
    const before = everything();
    await expect(promote('9.9.9')).rejects.toMatchObject({ code: 'MODEL_VERSION_NOT_FOUND' });
    await expect(promote('1.0.0', { modelName: 'other' })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(promote('1.0.0', { ifVersion: 1 })).rejects.toThrow(PreconditionFailed);
    await expect(rollBack({ modelName: 'other' })).rejects.toThrow(NotFound);
    await expect(update({ challengerPercent: 5 }, { ifVersion: 1 })).rejects.toThrow(PreconditionFailed);
    expect(everything()).toEqual(before);
  });
});

describe('archiving a version', () => {
  it('takes it out of use once, and never one that an alias points to', async () => {
    const { promote, archive, store, everything } = registry;
    await promote('1.0.0');
    await promote('1.1.0');
    await expect(archive('1.1.0')).rejects.toThrow(ModelVersionInUse);
    expect((await archive('1.0.0')).version.status).toBe('archived');
    const before = everything();
    await archive('1.0.0');
    expect(everything()).toEqual(before);
    expect((await store.getModel('coder')).aliases['champion']).toEqual(['1.1.0']);
    await expect(promote('1.0.0', { force: true, reason: 'back' })).rejects.toMatchObject({
      code: 'MODEL_VERSION_ARCHIVED',
    });
  });

  it('loses or wins against a promotion of it at the same moment, and never both', async () => {
    const { promote, archive, store } = registry;
    const [promoted, archived] = await Promise.allSettled([promote('1.0.0'), archive('1.0.0')]);
    expect([promoted, archived].filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { status } = (await store.findModelVersion('coder', '1.0.0')) ?? expect.fail();
    expect(status === 'archived').toBe(archived.status === 'fulfilled');
  });
});

describe('changing a model', () => {
  it('is one event, and none where nothing changes', async () => {
    const { update, events, everything } = registry;
    expect(await update({ challengerPercent: 20, description: 'writes code' })).toMatchObject({
      challengerPercent: 20,
    });
    expect(events().at(-1)?.[0]).toBe('model.updated');
    const before = everything();
    await update({ challengerPercent: 20 });
    expect(everything()).toEqual(before);
  });
});
