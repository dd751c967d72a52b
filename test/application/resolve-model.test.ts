import { describe, expect, it } from 'vitest';
import { makeArchiveVersion } from '#application/archive-version';
import { makePromoteModel } from '#application/promote-model';
import { makeRollbackModel } from '#application/rollback-model';
import { makeUpdateModel } from '#application/update-model';
import { aRegisteredVersion } from '#test/support/registered-models';
import { aWorld, person } from '#test/support/world';

/** A world with a model of two approved versions; the first one is the champion. */
const aWorldWithModels = async () => {
  const world = await aWorld({ limit: 30 });
  const ports = { store: world.store, clock: world.clock, ids: world.ids };
  const promoteModel = makePromoteModel(ports);
  const promote = (version: string, fields = {}) =>
    promoteModel({ modelName: 'coder', version, alias: 'champion', force: false, actor: person, ...fields });
  const rollBack = () => makeRollbackModel(ports)({ modelName: 'coder', alias: 'champion', actor: person });
  const update = (patch: object) => makeUpdateModel(ports)({ modelName: 'coder', patch, actor: person });
  for (const version of ['1.0.0', '1.1.0'])
    await aRegisteredVersion(ports, { version, servingModelIdentifier: `acme/coder-${version}` });
  await promote('1.0.0');
  const begin = async (modelIdentifier: string) => {
    const { id } = await world.create({ start: true, modelIdentifier });
    expect(await world.beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
    return (await world.store.findAttempt(id, 1))?.modelResolution;
  };
  return { ...world, ports, promote, rollBack, update, begin };
};

describe('a session that names a model of the registry', () => {
  it('uses the champion of the moment when its attempt begins, and the older one after a rollback', async () => {
    const { begin, promote, rollBack } = await aWorldWithModels();
    expect(await begin('registry/coder')).toEqual({
      requested: 'registry/coder',
      version: '1.0.0',
      alias: 'champion',
      modelIdentifier: 'acme/coder-1.0.0',
      simulated: false,
    });
    await promote('1.1.0');
    expect(await begin('registry/coder')).toMatchObject({ version: '1.1.0', modelIdentifier: 'acme/coder-1.1.0' });
    await rollBack();
    expect(await begin('registry/coder')).toMatchObject({ version: '1.0.0' });
  });

  it('uses the alias or version that it names', async () => {
    const { begin } = await aWorldWithModels();
    expect(await begin('registry/coder:challenger')).toMatchObject({ version: '1.1.0', alias: 'challenger' });
    expect(await begin('registry/coder:1.1.0')).toMatchObject({ version: '1.1.0', alias: null });
  });

  it('may be among those that try the challenger', async () => {
    const { begin, update } = await aWorldWithModels();
    await update({ challengerPercent: 50 });
    const aliases = new Set<string | null | undefined>();
    for (let index = 0; index < 20; index++) aliases.add((await begin('registry/coder'))?.alias);
    expect([...aliases].toSorted()).toEqual(['challenger', 'champion']);
  });

  it('gets the base model in place of a simulated version, and says so', async () => {
    const { begin, ports } = await aWorldWithModels();
    await aRegisteredVersion(ports, { version: '2.0.0', simulated: true, servingModelIdentifier: null });
    const resolution = await begin('registry/coder:2.0.0');
    expect(resolution).toMatchObject({ modelIdentifier: 'mistralai/Mistral-7B-v0.1', simulated: true });
  });

  it('hands its agent the model that it began with, whatever is promoted meanwhile', async () => {
    const { running, agent, promote, store, claim, beginAttempt } = await aWorldWithModels();
    const { id } = await running({ modelIdentifier: 'registry/coder' });
    await promote('1.1.0');
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
    const { granted } = await claim((await agent()).id);
    expect(granted).toMatchObject([{ session: { id }, modelIdentifier: 'acme/coder-1.0.0' }]);
    expect(await store.findLive(id)).toMatchObject({ modelResolution: { version: '1.0.0' } });
  });

  it('that names none has no resolution, and its agent is told what it says', async () => {
    const { working, store } = await aWorldWithModels();
    const { session, granted } = await working({ modelIdentifier: 'acme/other' });
    expect(granted.modelIdentifier).toBe('acme/other');
    expect(await store.findAttempt(session.id, 1)).not.toHaveProperty('modelResolution');
  });
});

describe('a session whose model agents cannot be told', () => {
  it.each([
    ['registry/unknown', 'MODEL_NOT_FOUND'],
    ['registry/coder:9.9.9', 'MODEL_VERSION_NOT_FOUND'],
    ['registry/coder:canary', 'MODEL_VERSION_NOT_FOUND'],
    ['registry/coder:2.0.0', 'MODEL_NOT_SERVABLE'],
  ])('is not started with %s', async (modelIdentifier, code) => {
    const { create, startSession, everything, ports } = await aWorldWithModels();
    await aRegisteredVersion(ports, { version: '2.0.0', servingModelIdentifier: null });
    const before = everything();
    await expect(create({ start: true, modelIdentifier })).rejects.toMatchObject({ code });
    expect(everything()).toEqual(before);
    const { id } = await create({ modelIdentifier });
    await expect(startSession({ sessionId: id, onQuota: 'queue', actor: person })).rejects.toMatchObject({ code });
  });

  it('is not started while its challenger is the one that nobody serves and may be tried', async () => {
    const { create, update, ports } = await aWorldWithModels();
    await aRegisteredVersion(ports, { version: '2.0.0', servingModelIdentifier: null });
    await create({ start: true, modelIdentifier: 'registry/coder' });
    await update({ challengerPercent: 1 });
    const refused = create({ start: true, modelIdentifier: 'registry/coder' });
    await expect(refused).rejects.toMatchObject({ code: 'MODEL_NOT_SERVABLE' });
  });

  it('is not started with a version that is archived, and ends when it was archived before its attempt began', async () => {
    const { create, startSession, beginAttempt, store, ports, promote } = await aWorldWithModels();
    await aRegisteredVersion(ports, { version: '1.2.0' });
    await promote('1.2.0');
    const modelIdentifier = 'registry/coder:1.1.0';
    const started = await create({ start: true, modelIdentifier });
    await makeArchiveVersion(ports)({ modelName: 'coder', version: '1.1.0', actor: person });
    expect(await beginAttempt({ sessionId: started.id, run: 1 })).toBe('ended');
    const error = { code: 'MODEL_VERSION_ARCHIVED' };
    expect(await store.getSession(started.id)).toMatchObject({ status: 'failed', statusReason: 'model', error });
    await expect(create({ start: true, modelIdentifier })).rejects.toMatchObject(error);
    const { id } = await create({ modelIdentifier });
    await expect(startSession({ sessionId: id, onQuota: 'queue', actor: person })).rejects.toMatchObject(error);
  });

  it('ends with the reason when that shows only as its attempt begins, and gives its slot back', async () => {
    const { create, beginAttempt, store, holders, ports } = await aWorldWithModels();
    const { id } = await create({ start: true, modelIdentifier: 'registry/coder:1.1.0' });
    const version = (await store.findModelVersion('coder', '1.1.0')) ?? expect.fail();
    const after = { ...version, servingModelIdentifier: null };
    await ports.store.commit([{ kind: 'model-version', before: version, after }]);
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('ended');
    expect(await store.getSession(id)).toMatchObject({
      status: 'failed',
      statusReason: 'model',
      error: { type: 'user', code: 'MODEL_NOT_SERVABLE' },
    });
    expect(holders()).toEqual([]);
  });
});
