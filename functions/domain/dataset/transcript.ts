import { CHAT_ROLES, type ChatTurn, type ToolCall } from './chat-turn.ts';

/** The name of the transcript among the files of an attempt. */
export const TRANSCRIPT_PATH = 'transcript.json';

/** A longer transcript is not kept. */
export const TRANSCRIPT_BYTES = 1024 * 1024;

/** Why a sample has no conversation: none was left, it says too much or is too large, or it is not what was left. */
export const TRANSCRIPT_FAULTS = ['absent', 'tooLong', 'tooManyRedactions', 'damaged'] as const;
export type TranscriptFault = (typeof TRANSCRIPT_FAULTS)[number];

const VERSION = 1;

/** What an agent said and did in an attempt, as it is stored. */
export interface Transcript {
  /** `provider/model` */
  readonly model?: string | undefined;
  /** Whether no real model said it. */
  readonly simulated: boolean;
  readonly messages: readonly ChatTurn[];
}

/** The file of a transcript. */
export const transcriptText = (transcript: Transcript): string => JSON.stringify({ version: VERSION, ...transcript });

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** Throws for anything else than a text, so that one catch tells a transcript from all that is none. */
const textOf = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
};

const listOf = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value) || value.length === 0) throw new TypeError('not a list with something in it');
  return value;
};

const callOf = (value: unknown): ToolCall => {
  const { id, function: called } = fieldsOf(value);
  const { name, arguments: given } = fieldsOf(called);
  return { id: textOf(id), type: 'function', function: { name: textOf(name), arguments: textOf(given) } };
};

const turnOf = (value: unknown): ChatTurn => {
  const { role, content, tool_calls: calls, tool_call_id: answered } = fieldsOf(value);
  const known = CHAT_ROLES.find((one) => one === role);
  if (known === undefined) throw new TypeError('not a role');
  return {
    role: known,
    // what only calls tools may say nothing
    content: content === null ? '' : textOf(content),
    // some write null where nothing is called
    ...(calls === undefined || calls === null ? {} : { tool_calls: listOf(calls).map(callOf) }),
    ...(answered === undefined ? {} : { tool_call_id: textOf(answered) }),
  };
};

/** The turns of a stored transcript; undefined when it is none, or nobody says in it what could be learned. */
export const readTranscript = (text: string): readonly ChatTurn[] | undefined => {
  try {
    const { version, messages } = fieldsOf(JSON.parse(text));
    const turns = version === VERSION ? listOf(messages).map(turnOf) : [];
    return turns.some(({ role }) => role === 'assistant') ? turns : undefined;
  } catch {
    return undefined;
  }
};
