import type { Context } from './context.ts';

/** Says how to get the next page of a list: the command line of this one, which the cursor belongs to. */
export const sayMore = ({ terminal, program, args }: Context, next_cursor: string | undefined): void => {
  if (next_cursor === undefined) return;
  const again = [...withoutCursor(args), '--cursor', next_cursor].map(quoted);
  terminal.err(`more: ${[program, ...again].join(' ')}`);
};

const withoutCursor = (args: readonly string[]) =>
  args.filter((arg, index) => !(arg === '--cursor' || arg.startsWith('--cursor=') || args[index - 1] === '--cursor'));

/** As a shell takes it for one word. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
