import { describe, expect, it } from 'vitest';
import { makeListModelVersions } from '#application/list-model-versions';
import type { VersionStatus } from '#domain/model/registered-model';
import { aModel, aVersion } from '#test/support/a-model';
import { aWorld } from '#test/support/world';

/** A model with so many versions, of which every third one is archived; the pages of its list. */
const aModelWith = async (count: number) => {
  const { store } = await aWorld();
  for (let patch = 0; patch < count; patch++) {
    const status = patch % 3 === 0 ? 'archived' : 'approved';
    await store.commit([{ kind: 'model-version', before: null, after: aVersion({ version: `1.0.${patch}`, status }) }]);
  }
  const list = makeListModelVersions({ store });
  return async (limit: number, statuses?: readonly VersionStatus[]) => {
    const pages: string[][] = [];
    for (let after: string | undefined; ; ) {
      const { items, next } = await list(aModel(), { statuses }, { limit, after });
      pages.push(items.map(({ version }) => version));
      after = next;
      if (after === undefined) return pages;
    }
  };
};

describe('the list of a model’s versions', () => {
  it('holds archived ones, too, and yields each once, the highest first', async () => {
    const pages = await aModelWith(7);
    expect(await pages(3)).toEqual([['1.0.6', '1.0.5', '1.0.4'], ['1.0.3', '1.0.2', '1.0.1'], ['1.0.0']]);
  });

  it('leaves out what is not of the statuses named, without an empty page behind the last', async () => {
    const pages = await aModelWith(7);
    expect(await pages(2, ['approved'])).toEqual([
      ['1.0.5', '1.0.4'],
      ['1.0.2', '1.0.1'],
    ]);
    expect(await pages(3, ['archived'])).toEqual([['1.0.6', '1.0.3', '1.0.0']]);
    expect(await pages(10, ['rejected'])).toEqual([[]]);
  });

  it('ends a page after five hundred versions that nothing matches, and goes on from there', async () => {
    const pages = await aModelWith(502);
    expect(await pages(10, ['rejected'])).toEqual([[], []]);
  });
});
