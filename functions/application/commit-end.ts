import { DomainError } from '#domain/errors';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

/** The end of a session: what it is, and what should stand beside it; what can be done without soonest comes last. */
export interface EndWrites {
  readonly end: readonly Write[];
  readonly beside: readonly (() => Promise<readonly Write[]>)[];
}

/**
 * Commits the end of a session in one transaction. When nobody after this one would end it (`mustEnd`), a fault of what
 * should stand beside the end does not keep it away: it is left out, the last part first.
 * @throws ConcurrentUpdate, and every fault of the end itself
 */
export const commitEnd = async (
  store: Pick<TenantStore, 'commit'>,
  { end, beside }: EndWrites,
  mustEnd: boolean,
): Promise<void> => {
  for (let parts = beside.length; ; parts--) {
    try {
      const writes = await Promise.all(beside.slice(0, parts).map((part) => part()));
      return await store.commit([...end, ...writes.flat()]);
    } catch (error) {
      if (!mustEnd || parts === 0 || error instanceof DomainError) throw error;
    }
  }
};
