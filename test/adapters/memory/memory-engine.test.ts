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

  it('refuses an item of more than 400 KB, as the real one does, and stores nothing', async () => {
    const engine = makeMemoryEngine();
    const put = (text: string) =>
      engine.transact([{ put: { pk: 'P', sk: 'a', text }, condition: { kind: 'any' }, what: 'a' }]);
    await expect(put('ü'.repeat(205_000))).rejects.toThrow('more than 409600');
    expect(engine.items()).toEqual([]);
    await put('ü'.repeat(204_000));
  });
});
