import { describe, expect, it } from 'vitest';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeTenantEngines } from '#runtime/tenant-engines';

describe('the engines of tenants', () => {
  it('are one for each, kept as long as they are among those used last', () => {
    const made: string[] = [];
    const engineOf = makeTenantEngines((tenantId) => {
      made.push(tenantId);
      return makeMemoryEngine();
    }, 2);
    const a = engineOf('A');
    expect(engineOf('B')).not.toBe(a);
    expect(engineOf('A')).toBe(a);
    engineOf('C');
    expect(engineOf('A')).toBe(a);
    engineOf('B');
    expect(made).toEqual(['A', 'B', 'C', 'B']);
  });
});
