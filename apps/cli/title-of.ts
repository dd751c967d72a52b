import { cut } from '#apps/cli/output/cut';

const longest = 80;

/**
 * The title of a session whose user gave none: the first line of the prompt that says something, cut to 80 characters.
 * `accepts` is the API's rule; a title that it refuses gets a prefix.
 */
export const titleOf = (prompt: string, accepts: (title: string) => boolean): string => {
  const line = prompt
    .split('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a title may not hold them
    .map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim())
    .find((text) => text !== '' && !text.startsWith('```'));
  const title = cut(line ?? 'Script', longest);
  return accepts(title) ? title : cut(`Prompt: ${title}`, longest);
};
