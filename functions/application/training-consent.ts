import { TrainingDataDisabled } from '#domain/dataset/errors';
import { allowsTraining } from '#domain/tenant/tenant';
import type { TenantStore } from './ports/tenant-store.ts';

/** Nothing is made of a tenant's sessions, and nothing learns from them, unless it lets it. @throws TrainingDataDisabled */
export const mustAllowTraining = async (store: Pick<TenantStore, 'getTenant'>): Promise<void> => {
  if (!allowsTraining(await store.getTenant())) throw new TrainingDataDisabled();
};
