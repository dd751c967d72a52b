import { DomainError } from '#domain/errors';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

/** A change of a session: what it is, and what should stand beside it; what can be done without soonest comes last. */
export interface ChangeWrites {
  readonly change: readonly Write[];
  readonly beside: readonly (() => Promise<readonly Write[]>)[];
}

/**
 * Commits the change in one transaction. When nobody after this one would make it (`mustCommit`), a fault of what should stand
 * beside it does not keep it away: it is left out, the last part first.
 * @throws ConcurrentUpdate, and every fault of the change itself
 */
export const commitChange = async (
  store: Pick<TenantStore, 'commit'>,
  { change, beside }: ChangeWrites,
  mustCommit: boolean,
): Promise<void> => {
  for (let parts = beside.length; ; parts--) {
    try {
      const writes = await Promise.all(beside.slice(0, parts).map((part) => part()));
      return await store.commit([...change, ...writes.flat()]);
    } catch (error) {
      if (!mustCommit || parts === 0 || error instanceof DomainError) throw error;
    }
  }
};
