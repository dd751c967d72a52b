import { viewAttempt } from './attempt-view.ts';
import type { Page } from './ports/page.ts';
import type { SessionStore } from './ports/tenant-store.ts';

export interface ListAttemptsInput {
  readonly sessionId: string;
  readonly limit: number;
  /** Number of the attempt behind which the page begins. */
  readonly before?: number | undefined;
  readonly now: number;
}

/** The attempts of a session, newest first. @throws NotFound */
export const makeListAttempts =
  ({ store }: { store: SessionStore }) =>
  async ({ sessionId, limit, before, now }: ListAttemptsInput): Promise<Page<ReturnType<typeof viewAttempt>>> => {
    const [, live] = await Promise.all([store.getSession(sessionId), store.findLive(sessionId)]);
    const { items, next } = await store.listAttempts(sessionId, { limit, before });
    return { items: items.map((attempt) => viewAttempt(attempt, live, now)), next };
  };
