import { ConcurrentUpdate } from '#domain/errors';
import type { Clock } from './ports/clock.ts';
import type { DueWork } from './ports/due-work.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** What every sweep over all tenants needs. */
export interface SweepPorts {
  readonly due: DueWork;
  readonly storeOf: (tenantId: string) => TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/**
 * Looks at each piece of due work; a fault with one keeps no other from its look. Whoever moved it first was its owner.
 * @throws AggregateError with every fault, after all were looked at
 */
export const sweepEach = async <T>(found: readonly T[], look: (one: T) => Promise<void>): Promise<void> => {
  const failures: unknown[] = [];
  for (const one of found) {
    try {
      await look(one);
    } catch (error) {
      if (!(error instanceof ConcurrentUpdate)) failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${found.length} could not be looked at`);
};
