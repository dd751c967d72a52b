import type { AssistantMessage, Message, Part } from '@opencode-ai/sdk/v2/client';

/** A message of an OpenCode session with its parts. */
export interface OpenCodeMessage<Info = Message> {
  readonly info: Info;
  readonly parts: readonly Part[];
}

/** What the model did for one prompt: its messages, oldest first. */
export type Turn = readonly OpenCodeMessage<AssistantMessage>[];

/** Tokens and dollars of a turn. `input` excludes what the model's cache answered. */
export interface TurnUsage {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costUsd: number;
  readonly modelCalls: number;
}

/**
 * The assistant messages after the prompt, up to the next user message that somebody wrote.
 * Compaction inserts synthetic user messages; the run goes on under them.
 */
export function turnOf(messages: readonly OpenCodeMessage[], promptId: string): Turn {
  const from = messages.findIndex(({ info }) => info.id === promptId) + 1;
  if (from === 0) return [];
  const next = messages.findIndex(
    ({ info, parts }, index) => index >= from && info.role === 'user' && parts.some(isWritten),
  );
  return messages.slice(from, next < 0 ? undefined : next).filter(isFromModel);
}

/** The sums over a turn. */
export const usageOf = (turn: Turn): TurnUsage => ({
  input: sum(turn, ({ tokens }) => tokens.input),
  output: sum(turn, ({ tokens }) => tokens.output),
  reasoning: sum(turn, ({ tokens }) => tokens.reasoning),
  cacheRead: sum(turn, ({ tokens }) => tokens.cache.read),
  cacheWrite: sum(turn, ({ tokens }) => tokens.cache.write),
  costUsd: sum(turn, ({ cost }) => cost),
  modelCalls: turn.length,
});

/** The text of the last message that has one; empty when the model said nothing. */
export const lastTextOf = (turn: Turn): string =>
  turn.map(({ parts }) => textOf(parts)).findLast((text) => text !== '') ?? '';

const textOf = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => (part.type === 'text' && !part.synthetic ? [part.text] : []))
    .join('')
    .trim();

const isWritten = (part: Part): boolean => part.type === 'text' && !part.synthetic;

const isFromModel = (message: OpenCodeMessage): message is OpenCodeMessage<AssistantMessage> =>
  message.info.role === 'assistant';

const sum = (turn: Turn, pick: (info: AssistantMessage) => number): number =>
  turn.reduce((total, { info }) => total + pick(info), 0);
