import { describe, expect, it } from 'vitest';
import type { Item } from '#adapters/dynamodb/item-engine';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { itemEngineContract } from '#test/ports/item-engine.contract';

describe('the engine in memory', () => {
  itemEngineContract(async () => makeMemoryEngine());

  it('shows each committed transaction, and none that was refused', async () => {
    const seen: (readonly Item[])[] = [];
    const engine = makeMemoryEngine({ onCommit: (items) => seen.push(items) });
    const item = { pk: 'P', sk: 'a' };
    await engine.transact([{ put: item, condition: { kind: 'absent' }, what: 'a' }]);
    await engine.transact([{ put: item, condition: { kind: 'absent' }, what: 'a' }]).catch(() => undefined);
    expect(seen).toEqual([[item]]);
    expect(engine.items()).toEqual([item]);
  });
});
