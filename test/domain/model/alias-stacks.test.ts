import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '#domain/errors';
import {
  type AliasStacks,
  aliasesOf,
  CHALLENGER,
  CHAMPION,
  forgetVersion,
  MAX_ALIASES,
  popAlias,
  pushAlias,
  STACK_DEPTH,
  versionAt,
} from '#domain/model/alias-stacks';
import { NothingToRollBack } from '#domain/model/errors';

const pushed = (...versions: string[]) =>
  versions.reduce<AliasStacks>((stacks, version) => pushAlias(stacks, CHAMPION, version), {});

describe('the stacks of aliases', () => {
  it('go back the way they came, and no further', () => {
    const third = pushed('1.0.0', '1.1.0', '1.2.0');
    expect(versionAt(third, CHAMPION)).toBe('1.2.0');
    const second = popAlias(third, CHAMPION);
    expect(versionAt(second, CHAMPION)).toBe('1.1.0');
    const first = popAlias(second, CHAMPION);
    expect(versionAt(first, CHAMPION)).toBe('1.0.0');
    expect(() => popAlias(first, CHAMPION)).toThrow(NothingToRollBack);
    expect(() => popAlias(first, CHALLENGER)).toThrow('challenger has no version to go back to');
  });

  it('know which aliases point to a version', () => {
    const stacks = pushAlias(pushed('1.0.0', '1.1.0'), CHALLENGER, '1.1.0');
    expect(aliasesOf(stacks, '1.1.0')).toEqual([CHAMPION, CHALLENGER]);
    expect(aliasesOf(stacks, '1.0.0')).toEqual([]);
    expect(versionAt(stacks, 'canary')).toBeUndefined();
  });

  it.each(['constructor', 'toString', '__proto__', 'valueOf'])('know nothing of %s, which every object has', (name) => {
    const stacks = pushed('1.0.0');
    expect(versionAt(stacks, name)).toBeUndefined();
    expect(() => popAlias(stacks, name)).toThrow(NothingToRollBack);
  });

  it('may have an alias that is called like what every object has', () => {
    const stacks = pushAlias(pushAlias(pushed('1.0.0'), 'constructor', '1.0.0'), 'constructor', '1.1.0');
    expect(aliasesOf(stacks, '1.1.0')).toEqual(['constructor']);
    expect(versionAt(popAlias(stacks, 'constructor'), 'constructor')).toBe('1.0.0');
  });

  it('are so many and no more', () => {
    const full = Array.from({ length: MAX_ALIASES }).reduce<AliasStacks>(
      (stacks, _, index) => pushAlias(stacks, `alias-${index}`, '1.0.0'),
      {},
    );
    expect(() => pushAlias(full, 'one-more', '1.0.0')).toThrow(InvalidInput);
    expect(versionAt(pushAlias(full, 'alias-0', '1.1.0'), 'alias-0')).toBe('1.1.0');
  });

  it('forget the oldest move when they are full', () => {
    const versions = Array.from({ length: STACK_DEPTH + 5 }, (_, index) => `1.0.${index}`);
    expect(pushed(...versions)[CHAMPION]).toEqual(versions.slice(5));
  });

  it('lead to no version that was archived', () => {
    const stacks = forgetVersion(pushed('1.0.0', '1.1.0', '1.0.0', '1.2.0'), '1.1.0');
    expect(stacks[CHAMPION]).toEqual(['1.0.0', '1.2.0']);
    expect(versionAt(popAlias(stacks, CHAMPION), CHAMPION)).toBe('1.0.0');
  });

  it('come back to where they were after as many steps back as forth', () => {
    const versions = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: STACK_DEPTH - 1 });
    fc.assert(
      fc.property(versions, (numbers) => {
        const start = pushed('0.0.1');
        const there = numbers.reduce((stacks, number) => pushAlias(stacks, CHAMPION, `1.0.${number}`), start);
        expect(numbers.reduce((stacks) => popAlias(stacks, CHAMPION), there)).toEqual(start);
      }),
    );
  });
});
