import { type Command, InvalidArgumentError } from 'commander';

/** Adds the options that every command has. */
export const common = (command: Command): Command =>
  command
    .option('--json', 'print the answer for programs')
    .option('--profile <name>', 'profile of the configuration file; local means the local cloud');

/** Of an option that may be repeated: all its values. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** @throws InvalidArgumentError for what is no whole number above 0 */
export const wholeNumber = (text: string): string => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return text;
};

/** @throws InvalidArgumentError for what is no number */
export const anyNumber = (text: string): number => {
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
};
