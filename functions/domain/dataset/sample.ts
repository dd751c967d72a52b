import type { Sha256 } from '#domain/sha256';
import type { ChatTurn } from './chat-turn.ts';
import type { SuccessSource } from './dataset.ts';

/** Where a sample comes from. Written on the wire as it is, in this order. */
export interface SampleOrigin {
  readonly session_id: string;
  readonly root_session_id: string;
  readonly attempt: number;
  readonly session_type: string;
  readonly success_rate: number;
  readonly success_source: SuccessSource;
  readonly agent_id: string | null;
  readonly model_identifier: string | null;
  readonly completed_at: string;
  readonly checkpoint_id: string | null;
  /** Whether the work can be done once more and judged: it has a repository and verify commands. */
  readonly replayable: boolean;
  /** Present where no real model made it. */
  readonly simulated?: true | undefined;
}

/** What a session teaches: the task, and the work that was done. */
export interface Sample {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  readonly messages?: readonly ChatTurn[] | undefined;
  readonly origin: SampleOrigin;
}

const normalized = (text: string) => text.normalize('NFC').trim().replace(/\s+/g, ' ');

/** Task and work as one text that white space makes no difference to. */
export const comparableText = ({ instruction, input, output }: Omit<Sample, 'origin'>): string =>
  [instruction, input, output].map(normalized).join('\0');

/** SHA-256 of what a sample says, hex. White space and the form of accents make no difference. */
export const contentHashOf = (sample: Omit<Sample, 'origin'>, sha256: Sha256): string => sha256(comparableText(sample));

const BYTES_PER_TOKEN = 4;
export const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** About how many tokens a sample has: of its messages, or else of its three texts. */
export const tokensOf = ({ instruction, input, output, messages }: Omit<Sample, 'origin'>): number => {
  const text = messages ? JSON.stringify(messages) : instruction + input + output;
  return Math.ceil(utf8Length(text) / BYTES_PER_TOKEN);
};

/** The sample as a line of its file, without the line break. Keys stand in this order. */
export const sampleLine = (
  { instruction, input, output, messages, origin }: Sample,
  marks: { readonly contentHash: string; readonly redactionVersion: number; readonly redactions: number },
): string =>
  JSON.stringify({
    instruction,
    input,
    output,
    ...(messages ? { messages } : {}),
    metadata: {
      session_id: origin.session_id,
      root_session_id: origin.root_session_id,
      attempt: origin.attempt,
      session_type: origin.session_type,
      success_rate: origin.success_rate,
      success_source: origin.success_source,
      agent_id: origin.agent_id,
      model_identifier: origin.model_identifier,
      completed_at: origin.completed_at,
      checkpoint_id: origin.checkpoint_id,
      replayable: origin.replayable,
      ...(origin.simulated ? { simulated: true } : {}),
      content_hash: marks.contentHash,
      redaction_version: marks.redactionVersion,
      redactions: marks.redactions,
    },
  });
