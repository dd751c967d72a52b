import type { SessionStore } from './ports/tenant-store.ts';

/** The diff of an attempt with its files; `available` is false until there is one. @throws NotFound */
export const makeReadDiff =
  ({ store }: { store: SessionStore }) =>
  async ({ sessionId, attempt: asked }: { sessionId: string; attempt?: number | undefined }) => {
    const session = await store.getSession(sessionId);
    const attempt = asked ?? session.attempt;
    const [result, diff = ''] = await Promise.all([
      store.findResult(sessionId, attempt),
      store.findDiff(sessionId, attempt),
    ]);
    if (result?.resultCommit === undefined) return { available: false, files: [] };
    const { baseCommit, resultCommit, files, diffCut } = result;
    return { available: true, attempt, baseCommit, resultCommit, cut: diffCut, files, diff };
  };
