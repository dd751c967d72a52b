import { readFile } from 'node:fs/promises';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';

/**
 * The prompt: the argument, or the file, or standard input where one of them is `-`.
 * @throws Refusal when there is none or more than one, or the file cannot be read.
 */
export const readPrompt = async (context: Context, argument?: string, file?: string): Promise<string> => {
  if (argument !== undefined && file !== undefined) throw new Refusal('Give a prompt or --prompt-file, not both.');
  const prompt = await textOf(context, argument, file);
  if (prompt.trim() === '') throw new Refusal('The prompt is empty.', { remedy: 'Say what the agent is to do.' });
  return prompt;
};

const textOf = async (context: Context, argument?: string, file?: string) => {
  if (argument === '-' || file === '-') return context.readStdin();
  if (argument !== undefined) return argument;
  if (file === undefined) {
    throw new Refusal('There is no prompt.', { remedy: `Try: ${context.program} run "Add a greeting" --repo .` });
  }
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
};
