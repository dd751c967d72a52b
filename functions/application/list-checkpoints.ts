import type { CheckpointStore, SessionStore } from './ports/tenant-store.ts';

export interface ListCheckpointsInput {
  readonly sessionId: string;
  readonly limit: number;
  readonly beforeSequence?: number | undefined;
  readonly withData: boolean;
}

/** One page of a session's checkpoints, highest sequence first. @throws NotFound */
export const makeListCheckpoints =
  ({ store }: { store: SessionStore & CheckpointStore }) =>
  async ({ sessionId, ...query }: ListCheckpointsInput) => {
    await store.getSession(sessionId);
    return store.listCheckpoints(sessionId, query);
  };
