import type { Artifact } from '#domain/artifact/artifact';
import type { Page } from './ports/page.ts';
import type { ArtifactStore, SessionStore } from './ports/tenant-store.ts';

export interface ListArtifactsInput {
  readonly sessionId: string;
  /** @default the newest */
  readonly attempt?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One page of the files that an attempt's result named. A page may hold fewer than its limit and still have a next one. @throws NotFound */
export const makeListArtifacts =
  ({ store }: { store: SessionStore & ArtifactStore }) =>
  async ({ sessionId, attempt, ...query }: ListArtifactsInput): Promise<Page<Artifact>> => {
    const session = await store.getSession(sessionId);
    const wanted = attempt ?? session.attempt;
    const page = await store.listArtifacts(sessionId, query);
    return { ...page, items: page.items.filter((one) => one.storedAt !== undefined && one.attempt === wanted) };
  };
