import { describe, expect, it } from 'vitest';
import { titleOf } from '#apps/cli/title-of';

const accepts = (title: string) => title.trim().toLowerCase() !== 'untitled';

describe('the title of a prompt', () => {
  it('is its first line that says something', () => {
    expect(titleOf('\n  \n  Add a greeting  \nand test it', accepts)).toBe('Add a greeting');
  });

  it('is cut to 80 characters, as people count them', () => {
    const title = titleOf('🎉'.repeat(100), accepts);
    expect([...title]).toHaveLength(80);
    expect(title.endsWith('🎉…')).toBe(true);
    expect(titleOf('x'.repeat(80), accepts)).toBe('x'.repeat(80));
  });

  it('has no control characters', () => {
    expect(titleOf('a\tb\u0007c', accepts)).toBe('a b c');
  });

  it('passes over the fence of a script', () => {
    expect(titleOf('```iorch-script\nsay hello\n```', accepts)).toBe('say hello');
    expect(titleOf('```\n```', accepts)).toBe('Script');
  });

  it('gets a prefix when the API would refuse it', () => {
    expect(titleOf('UnTitled', accepts)).toBe('Prompt: UnTitled');
  });
});
