import type { ItemEngine } from '#adapters/dynamodb/item-engine';

/**
 * One engine per tenant, each on credentials of that tenant. The clients behind them ask for new credentials before the old
 * ones end. Only as many as `most` are kept; the one that was used longest ago goes first.
 */
export const makeTenantEngines = (makeEngine: (tenantId: string) => ItemEngine, most = 200) => {
  const kept = new Map<string, ItemEngine>();
  return (tenantId: string): ItemEngine => {
    const engine = kept.get(tenantId) ?? makeEngine(tenantId);
    kept.delete(tenantId);
    kept.set(tenantId, engine);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return engine;
  };
};
