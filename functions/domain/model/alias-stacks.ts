import { InvalidInput } from '#domain/errors';
import { NothingToRollBack } from './errors.ts';

/** Where each alias of a model has pointed, the newest last: that is where it points now. */
export type AliasStacks = Readonly<Record<string, readonly string[]>>;

export const CHAMPION = 'champion';
export const CHALLENGER = 'challenger';

/** champion and challenger are such names, too. */
export const ALIAS_PATTERN = /^[a-z][a-z0-9_-]{0,29}$/;

export const MAX_ALIASES = 10;
/** An alias forgets what it pointed to longer ago than so many moves. */
export const STACK_DEPTH = 50;

/** Where an alias has pointed. Any text may be asked for, so nothing counts that every object has, as `constructor`. */
const stackOf = (stacks: AliasStacks, alias: string): readonly string[] | undefined =>
  Object.hasOwn(stacks, alias) ? stacks[alias] : undefined;

/** The version that an alias points to. */
export const versionAt = (stacks: AliasStacks, alias: string): string | undefined => stackOf(stacks, alias)?.at(-1);

/** The aliases that point to a version. */
export const aliasesOf = (stacks: AliasStacks, version: string): readonly string[] =>
  Object.keys(stacks).filter((alias) => versionAt(stacks, alias) === version);

/**
 * The stacks with an alias at another version.
 * @throws InvalidInput when the model has as many aliases as it may have
 */
export const pushAlias = (stacks: AliasStacks, alias: string, version: string): AliasStacks => {
  const stack = stackOf(stacks, alias);
  if (stack === undefined && Object.keys(stacks).length >= MAX_ALIASES)
    throw new InvalidInput([{ path: '/alias', message: `a model has at most ${MAX_ALIASES} aliases` }]);
  return { ...stacks, [alias]: [...(stack ?? []), version].slice(-STACK_DEPTH) };
};

/** The stacks with an alias back where it was before. @throws NothingToRollBack */
export const popAlias = (stacks: AliasStacks, alias: string): AliasStacks => {
  const stack = stackOf(stacks, alias) ?? [];
  if (stack.length < 2) throw new NothingToRollBack(alias);
  return { ...stacks, [alias]: stack.slice(0, -1) };
};

/** The stacks without a version that no alias points to: no rollback leads to it any more. */
export const forgetVersion = (stacks: AliasStacks, version: string): AliasStacks =>
  Object.fromEntries(
    Object.entries(stacks).map(([alias, stack]) => {
      const left = stack.filter((one) => one !== version);
      return [alias, left.filter((one, index) => one !== left[index - 1])];
    }),
  );
