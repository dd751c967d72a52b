import path from 'node:path';
import { ScriptError, type ScriptStep, scriptIn } from './script.ts';

/** A chat message as an OpenAI-compatible client sends it. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly text?: string }[] | null;
}

/** What the demo model does with one request. */
export type DemoAnswer =
  | { readonly kind: 'text'; readonly text: string; readonly goesOn: boolean; readonly usage: Usage }
  | { readonly kind: 'tool'; readonly tool: string; readonly input: Record<string, unknown>; readonly usage: Usage }
  | { readonly kind: 'failure'; readonly status: number; readonly message: string };

interface Usage {
  readonly input: number;
  readonly output: number;
}

/** The answer to a prompt without a script. */
export const noScriptText = `This is the demo model: it only follows scripts, and this prompt has none, so no file was changed.
To work with a real model, start the runner with a provider key in its environment (for example ANTHROPIC_API_KEY or OPENAI_API_KEY),
or with --opencode-config <file> that names your own providers and models. A script is a fenced block named iorch-script; its
lines are: write <path> | <content>, bash <command>, sleep <milliseconds>, usage <input> <output>, fail <status> [<times>], say <text>.`;

/** Counts the failures already answered, by conversation and step. The one thing that a conversation does not tell. */
export type FailureCounts = Map<string, number>;

/** The next step of the script in the conversation's last user message. Which one that is follows from the messages after it. */
export function answerTo(messages: readonly ChatMessage[], failures: FailureCounts): DemoAnswer {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  const prompt = textOf(messages[lastUser]);
  try {
    const steps = scriptIn(prompt);
    if (!steps) return say(noScriptText);
    const done = stepsBefore(prompt) + messages.slice(lastUser + 1).filter(({ role }) => role === 'assistant').length;
    const step = steps[done];
    if (!step) return say(`The script is done: ${steps.length} steps.`);
    const directory = directoryIn(messages);
    return (
      failureOf(step, `${directory}\n${done}\n${prompt}`, failures) ?? play(step, directory, done === steps.length - 1)
    );
  } catch (error) {
    if (error instanceof ScriptError) return { kind: 'failure', status: 400, message: error.message };
    throw error;
  }
}

/** Steps that were done elsewhere, as the runner says in the prompt of work that goes on from a checkpoint. */
const stepsBefore = (prompt: string): number => {
  const marks = [...prompt.matchAll(/^iorch-next-step: (\d{1,9})\s*$/gm)];
  return Number(marks.at(-1)?.[1] ?? 0);
};

const noUsage: Usage = { input: 0, output: 0 };

const say = (text: string): DemoAnswer => ({ kind: 'text', text, goesOn: false, usage: noUsage });

function failureOf({ fail }: ScriptStep, key: string, failures: FailureCounts): DemoAnswer | undefined {
  const soFar = failures.get(key) ?? 0;
  if (!fail || soFar >= fail.times) return undefined;
  failures.set(key, soFar + 1);
  return { kind: 'failure', status: fail.status, message: `The script asked for HTTP ${fail.status}.` };
}

function play({ action, usage = noUsage }: ScriptStep, directory: string, isLast: boolean): DemoAnswer {
  switch (action.kind) {
    case 'say':
      return { kind: 'text', text: action.text, goesOn: !isLast, usage };
    case 'write':
      return {
        kind: 'tool',
        tool: 'write',
        input: { filePath: path.resolve(directory, action.path), content: action.content },
        usage,
      };
    case 'bash':
      return {
        kind: 'tool',
        tool: 'bash',
        input: { command: action.command, description: 'A step of the script' },
        usage,
      };
    case 'sleep':
      return {
        kind: 'tool',
        tool: 'bash',
        input: {
          command: `sleep ${action.milliseconds / 1000}`,
          description: 'A pause of the script',
          timeout: action.milliseconds + 60_000,
        },
        usage,
      };
  }
}

/** OpenCode tells the model where it works in the system prompt. */
const directoryIn = (messages: readonly ChatMessage[]): string =>
  messages
    .filter(({ role }) => role === 'system')
    .map((message) => /Working directory: (.+)/.exec(textOf(message))?.[1]?.trim())
    .find(Boolean) ?? '/';

const textOf = (message: ChatMessage | undefined): string =>
  typeof message?.content === 'string'
    ? message.content
    : (message?.content ?? []).map(({ text }) => text ?? '').join('\n');
