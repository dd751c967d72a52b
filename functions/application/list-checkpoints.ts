import type { CheckpointStore, SessionStore } from './ports/tenant-store.ts';

export interface ListCheckpointsInput {
  readonly sessionId: string;
  readonly limit: number;
  readonly beforeSequence?: number | undefined;
  readonly withData: boolean;
}

/** So many of the largest fit into one answer of a function. */
const MOST_WITH_DATA = 20;

/** One page of a session's checkpoints, highest sequence first. @throws NotFound */
export const makeListCheckpoints =
  ({ store }: { store: SessionStore & CheckpointStore }) =>
  async ({ sessionId, ...query }: ListCheckpointsInput) => {
    await store.getSession(sessionId);
    const limit = query.withData ? Math.min(query.limit, MOST_WITH_DATA) : query.limit;
    return store.listCheckpoints(sessionId, { ...query, limit });
  };
