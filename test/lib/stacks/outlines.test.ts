import { describe, expect, it } from 'vitest';
import { synthesized } from '#test/lib/synthesized';
import { outlineOf } from '#test/lib/template-outline';

const { stacks } = await synthesized({ stage: 'prod' });

describe('the templates of a stage', () => {
  // a change that nobody meant shows here; `npx vitest run test/lib/stacks/outlines.test.ts -u` accepts one that was meant
  it.each(Object.keys(stacks))('%s is as it was', async (name) => {
    const stack = stacks[name];
    if (stack === undefined) throw new Error(name);
    await expect(`${outlineOf(stack.template)}\n`).toMatchFileSnapshot(`outlines/${name}.txt`);
  });
});
