import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { NotFound } from '#domain/errors';
import { ModelNotServable, ModelVersionArchived } from '#domain/model/errors';
import {
  chooseVersion,
  isRegistryName,
  type ModelAliases,
  parseRegistryName,
  type ServedVersion,
  servedAs,
} from '#domain/model/resolve-model';

const { sha256 } = nodeDigest;

const model = (fields: Partial<ModelAliases> = {}): ModelAliases => ({
  name: 'coder',
  aliases: { champion: ['1.0.0', '1.1.0'], challenger: ['1.2.0'], stable: ['1.0.0'] },
  challengerPercent: 0,
  ...fields,
});

const choose = (identifier: string, fields: Partial<ModelAliases> = {}, sessionId = 'SESSION') =>
  chooseVersion(model(fields), parseRegistryName(identifier), sessionId, sha256);

const version = (fields: Partial<ServedVersion> = {}): ServedVersion => ({
  modelName: 'coder',
  version: '1.1.0',
  status: 'approved',
  baseModel: 'mistralai/Mistral-7B-v0.1',
  servingModelIdentifier: 'acme/coder',
  simulated: false,
  ...fields,
});

describe('a name in the registry', () => {
  it('is told from any other model identifier', () => {
    expect(['registry/coder', 'registry/coder:1.0.0', 'demo/model', undefined].map(isRegistryName)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('means the champion, an alias or a version', () => {
    expect(choose('registry/coder')).toEqual({ version: '1.1.0', alias: 'champion' });
    expect(choose('registry/coder:champion')).toEqual({ version: '1.1.0', alias: 'champion' });
    expect(choose('registry/coder:stable')).toEqual({ version: '1.0.0', alias: 'stable' });
    expect(choose('registry/coder:0.9.0-rc.1')).toEqual({ version: '0.9.0-rc.1', alias: null });
  });

  it.each(['registry/coder:canary', 'registry/coder:', 'registry/coder:1.0.0:x'])('%s means nothing', (identifier) =>
    expect(() => choose(identifier)).toThrow(NotFound),
  );

  it('means nothing while the model has no champion', () => {
    expect(() => choose('registry/coder', { aliases: {} })).toThrow(NotFound);
  });
});

describe('the trial that a session is part of', () => {
  const trial = { number: 7, champion: '1.1.0', challenger: '1.2.0', since: '2026-05-04T12:00:00.000Z' };
  const trials = [{ ...trial, number: 3, endedAt: trial.since }, trial];

  it('is the one under way, for whoever asks for the champion and nobody else', () => {
    const chosen = (identifier: string, fields = {}) => choose(identifier, { trials, ...fields }).trial;
    expect(chosen('registry/coder')).toBe(7);
    expect(chosen('registry/coder:champion')).toBe(7);
    expect(chosen('registry/coder', { challengerPercent: 50 })).toBe(7);
    for (const name of ['challenger', 'stable', '1.1.0']) expect(chosen(`registry/coder:${name}`)).toBeUndefined();
    expect(chosen('registry/coder', { trials: trials.slice(0, 1) })).toBeUndefined();
    expect(chosen('registry/coder', { trials: undefined })).toBeUndefined();
  });
});

describe('the share of the challenger', () => {
  const sessions = Array.from({ length: 10_000 }, (_, index) => `session-${index}`);
  const share = (challengerPercent: number, identifier = 'registry/coder', aliases = model().aliases) =>
    sessions.filter((id) => choose(identifier, { challengerPercent, aliases }, id).alias === 'challenger').length / 100;

  it('is nobody at 0 and within 1.5 points of 20 at 20', () => {
    expect(share(0)).toBe(0);
    expect(Math.abs(share(20) - 20)).toBeLessThan(1.5);
  });

  it('takes nobody who names an alias other than the champion, and nobody while there is no challenger', () => {
    expect(share(50, 'registry/coder:stable')).toBe(0);
    expect(share(50, 'registry/coder', { champion: ['1.0.0'] })).toBe(0);
  });

  it('gives a session the same version each time', () => {
    const once = sessions.slice(0, 100).map((id) => choose('registry/coder', { challengerPercent: 50 }, id));
    expect(sessions.slice(0, 100).map((id) => choose('registry/coder', { challengerPercent: 50 }, id))).toEqual(once);
  });
});

describe('the name that an agent is told', () => {
  it('is the one that the version is served as', () => {
    expect(servedAs(version())).toBe('acme/coder');
  });

  it('is the base model of a version that was only simulated', () => {
    expect(servedAs(version({ simulated: true }))).toBe('mistralai/Mistral-7B-v0.1');
  });

  it('is missing where nobody serves the version, or it is out of use', () => {
    expect(() => servedAs(version({ servingModelIdentifier: null }))).toThrow(ModelNotServable);
    expect(() => servedAs(version({ status: 'archived' }))).toThrow(ModelVersionArchived);
  });
});
