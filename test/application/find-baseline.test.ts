import { describe, expect, it } from 'vitest';
import { makeFindBaseline } from '#application/find-baseline';
import type { Model, ModelVersion } from '#domain/model/registered-model';

const ARTIFACT = 's3://files/A/training/JOB/a1/output/name/output/model.tar.gz';

const find = (aliases: Model['aliases'] | undefined, version?: Partial<ModelVersion>) => {
  const asked: string[] = [];
  const findBaseline = makeFindBaseline({
    store: {
      findModel: async () => (aliases === undefined ? undefined : ({ aliases } as Model)),
      findModelVersion: async (_, wanted) => {
        asked.push(wanted);
        return version as ModelVersion | undefined;
      },
    },
  });
  return findBaseline('shop-coder').then((found) => ({ found, asked }));
};

describe('what a new version is compared with', () => {
  it('is the artifact of the version that the champion points to now', async () => {
    const { found, asked } = await find({ champion: ['1.0.0', '1.1.0'] }, { simulated: false, artifactUri: ARTIFACT });
    expect(found).toBe(ARTIFACT);
    expect(asked).toEqual(['1.1.0']);
  });

  it.each([
    ['a new model', undefined, undefined],
    ['a model without a champion', { challenger: ['1.0.0'] }, undefined],
    ['a champion that is gone', { champion: ['1.0.0'] }, undefined],
    ['a simulated champion', { champion: ['1.0.0'] }, { simulated: true, artifactUri: ARTIFACT }],
    ['a champion without an artifact', { champion: ['1.0.0'] }, { simulated: false, artifactUri: null }],
  ])('is nothing for %s', async (_, aliases, version) => {
    expect((await find(aliases as Model['aliases'] | undefined, version)).found).toBeUndefined();
  });
});
