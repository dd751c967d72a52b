import { describe, expect, it } from 'vitest';
import { keptCredentials } from '#runtime/tenant-credentials';

const HOUR_MS = 3_600_000;

const world = () => {
  const state = { now: 0, asked: [] as string[] };
  const credentials = keptCredentials(
    async (tenantId) => {
      state.asked.push(tenantId);
      const expiration = new Date(state.now + HOUR_MS);
      return { accessKeyId: `${tenantId}${state.asked.length}`, secretAccessKey: 's', sessionToken: 't', expiration };
    },
    () => state.now,
  );
  return { state, credentials };
};

describe('credentials of a tenant', () => {
  it('are kept for that tenant until they near their end', async () => {
    const { state, credentials } = world();
    expect((await credentials('A')).accessKeyId).toBe('A1');
    state.now = 39 * 60_000;
    expect((await credentials('A')).accessKeyId).toBe('A1');
    expect((await credentials('B')).accessKeyId).toBe('B2');
    state.now = 40 * 60_000;
    expect((await credentials('A')).accessKeyId).toBe('A3');
    expect(state.asked).toEqual(['A', 'B', 'A']);
  });
});
