import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataModelDocument } from '#scripts/data-model/document';

describe('docs/data-model.md', () => {
  let document: string;
  // the compiler reads the adapter with all its types
  beforeAll(() => {
    document = dataModelDocument();
  }, 60_000);

  it('is what the adapter of the table says now (npm run generate makes it anew)', () => {
    const file = path.join(import.meta.dirname, '../../../docs/data-model.md');
    const current = readFileSync(file, 'utf8') === document;
    expect(current ? 'current' : 'old: npm run generate makes docs/data-model.md anew').toBe('current');
  });

  it('shows the keys that the builders make, and what lies under them', () => {
    expect(document).toContain('| `T#<tenant>#S#<session>` | `SESSION` | session | `sessionKey` |');
    expect(document).toContain('| `T#<tenant>#S#<session>` | `ATTEMPT#0000000001` | attempt | `attemptKey` |');
    expect(document).toContain('| `T#<tenant>#N#pending` | `dispatchQueue` |');
  });

  it('shows the attributes of an entity whether it is put by a helper or by hand', () => {
    const attributesOf = (entity: string) => document.split(`### ${entity}\n`)[1]?.split('\n### ')[0];
    expect(attributesOf('agent')).toContain('| `maxConcurrentTasks` | `number` |');
    expect(attributesOf('wait')).toContain('| `taskToken` (optional) | `string` |');
    expect(attributesOf('session')).toMatch(/^\| `description` \(optional\) \| `string` \|/m);
    expect(attributesOf('assignment')).toContain("'cancelled' \\| 'claimed'");
    expect(document).not.toMatch(/^\| `gsi\dpk`.*string/m);
  });
});
