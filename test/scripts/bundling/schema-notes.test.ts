import { expect, it } from 'vitest';
import { withoutSchemaNotes } from '#scripts/bundling/schema-notes';

it.each([
  ["z.string().max(5).meta({ id: 'Name', example: ')' })", 'z.string().max(5)'],
  [
    "z.object({ a: z.string().describe('a (or b)').optional() }).meta({ id: 'A' });",
    'z.object({ a: z.string().optional() });',
  ],
  ['text(1, 5)\n  .meta({\n    minLength: 1,\n  })\n  .optional()', 'text(1, 5)\n\n\n\n  .optional()'],
  ['const meta = { describe: 1 };', 'const meta = { describe: 1 };'],
  ["pageOf(Item.meta({ id: 'Item' })).describe(sayOf(Item.meta({ id: 'B' })))", 'pageOf(Item)'],
])('of %j a function gets %j', (source, left) => {
  expect(withoutSchemaNotes(source)).toBe(left);
});
