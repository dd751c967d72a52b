import { describe, expect, it } from 'vitest';
import { makeReadDiff } from '#application/read-diff';
import { NotFound } from '#domain/errors';
import { aResult } from '#test/support/a-work-item';
import { aWorld } from '#test/support/world';

const files = [{ path: 'a', status: 'added', additions: 1, deletions: 0 }] as const;
const none = { available: false, files: [] };

describe('reading a diff', () => {
  it('answers the patch with its files and between which commits it is', async () => {
    const { working, submit, store } = await aWorld();
    const { session, granted } = await working();
    const result = aResult({ baseCommit: 'base', resultCommit: 'result', files });
    await submit(granted, { result, diff: '+++ a' });
    const seen = { available: true, attempt: 1, baseCommit: 'base', resultCommit: 'result', files, diff: '+++ a' };
    expect(await makeReadDiff({ store })({ sessionId: session.id })).toEqual({ ...seen, cut: false });
    expect(await makeReadDiff({ store })({ sessionId: session.id, attempt: 2 })).toEqual(none);
  });

  it('that was too large answers its files and that the text was cut', async () => {
    const { working, submit, store } = await aWorld();
    const { session, granted } = await working();
    await submit(granted, { result: aResult({ resultCommit: 'result', files, diffCut: true }) });
    const seen = await makeReadDiff({ store })({ sessionId: session.id });
    expect(seen).toMatchObject({ available: true, cut: true, files });
  });

  it('is not available before there is a result, or when nothing was committed', async () => {
    const { working, submit, store } = await aWorld();
    const { session, granted } = await working();
    const read = makeReadDiff({ store });
    expect(await read({ sessionId: session.id })).toEqual(none);
    await submit(granted);
    expect(await read({ sessionId: session.id })).toEqual(none);
  });

  it('of another tenant finds none', async () => {
    const { create, addTenant } = await aWorld();
    const { id } = await create();
    await expect(makeReadDiff(await addTenant('B'))({ sessionId: id })).rejects.toThrow(NotFound);
  });
});
