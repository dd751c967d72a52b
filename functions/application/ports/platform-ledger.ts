import type { Write } from './write.ts';

/** Commits a change of several tenants whole. Only the platform's own operations have one. */
export interface PlatformLedger {
  /** @throws ConcurrentUpdate when something the change was made for has moved; then nothing is written */
  commitAll(groups: readonly { readonly tenantId: string; readonly writes: readonly Write[] }[]): Promise<void>;
}
