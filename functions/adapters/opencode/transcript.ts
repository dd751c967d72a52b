import type { Part, ToolPart } from '@opencode-ai/sdk/v2/client';
import type { ChatTurn, ToolCall } from '#domain/dataset/chat-turn';
import { NO_TRAINING_TAG } from '#domain/dataset/judge-session';
import { type Cleaner, scrubTurns } from '#domain/dataset/scrub-turns';
import { TRANSCRIPT_BYTES, TRANSCRIPT_PATH, type Transcript, transcriptText } from '#domain/dataset/transcript';
import type { OpenCodeMessage, Turn } from './turn.ts';

type EndedCall = ToolPart & { readonly state: Extract<ToolPart['state'], { status: 'completed' | 'error' }> };

const hasEnded = (part: Part): part is EndedCall =>
  part.type === 'tool' && (part.state.status === 'completed' || part.state.status === 'error');

/** What the model said; where its connection broke and it began again, only what it said then. */
const saidIn = (parts: readonly Part[]): string =>
  parts
    .slice(parts.findLastIndex(({ type }) => type === 'step-start') + 1)
    .flatMap((part) => (part.type === 'text' && !part.synthetic ? [part.text] : []))
    .join('')
    .trim();

const callOf = ({ callID, tool, state }: EndedCall): ToolCall => ({
  ...{ id: callID, type: 'function' },
  function: { name: tool, arguments: JSON.stringify(state.input) },
});

const answerOf = ({ callID, state }: EndedCall): ChatTurn => ({
  ...{ role: 'tool', tool_call_id: callID },
  content: state.status === 'completed' ? state.output : state.error,
});

/** A message with the answers to what it asked for; calls that never ended, which nobody answered, are left out. */
const turnsOf = ({ info, parts }: OpenCodeMessage<Turn[number]['info']>): ChatTurn[] => {
  const content = saidIn(parts);
  const calls = parts.filter(hasEnded);
  // a summary was asked for by the machine, to make room
  if (info.summary || (content === '' && calls.length === 0)) return [];
  const asked = calls.length > 0 ? { tool_calls: calls.map(callOf) } : {};
  return [{ role: 'assistant', content, ...asked }, ...calls.map(answerOf)];
};

/** The prompt and what the model said and did for it, oldest first, without secrets; `clean` takes out those that the caller knows. */
export const chatTurnsOf = (prompt: string, turn: Turn, clean: Cleaner): readonly ChatTurn[] =>
  scrubTurns([{ role: 'user', content: prompt }, ...turn.flatMap(turnsOf)], clean).turns;

/** Whether somebody may want the transcript of a session with these tags: what is never learned from is not kept. */
export const isTranscriptWanted = (tags: readonly string[]): boolean => !tags.includes(NO_TRAINING_TAG);

/** A transcript as a file of an attempt. */
export interface TranscriptFile {
  readonly path: string;
  readonly mimeType: string;
  readonly content: Buffer;
}

/** Throws when it is larger than one may be. */
export const transcriptFile = (transcript: Transcript): TranscriptFile => {
  const content = Buffer.from(transcriptText(transcript));
  if (content.length > TRANSCRIPT_BYTES)
    throw new Error(`it has ${content.length} bytes, and one of more than ${TRANSCRIPT_BYTES} is not kept`);
  return { path: TRANSCRIPT_PATH, mimeType: 'application/json', content };
};
