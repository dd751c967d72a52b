import type { CreatedTenant } from '#application/create-tenant';
import { toWire } from '#contracts/wire-case';

/** A tenant as the API shows it. */
export const presentTenant = ({ trainingDataEnabled = true, ...tenant }: CreatedTenant) =>
  toWire({ ...tenant, settings: { trainingDataEnabled } }) as object;
