import type { AssignmentResult } from '#domain/assignment/result';
import type { Session, SessionInput } from '#domain/session/session';
import type { Sha256 } from '#domain/sha256';
import type { DatasetFilters, SuccessSource } from './dataset.ts';
import { type Exclusion, judgeSession } from './judge-session.ts';
import { type Signature, signatureOf } from './min-hash.ts';
import { comparableText, contentHashOf, type Sample, sampleLine, tokensOf, utf8Length } from './sample.ts';
import { addRedactions, redactionCount, replacementsIn, scrub } from './scrub.ts';
import { REDACTION_VERSION } from './scrub-rules.ts';
import { type ScrubbedTurns, scrubTurns } from './scrub-turns.ts';
import type { Candidate } from './select-samples.ts';
import { readTranscript, type TranscriptFault } from './transcript.ts';

const KILOBYTE = 1024;
export const SAMPLE_LIMITS = {
  instructionCharacters: 32_000,
  outputBytes: 64 * KILOBYTE,
  messagesBytes: 256 * KILOBYTE,
  redactions: 20,
} as const;

/** A session with what its newest attempt was given and handed back. */
export interface WorkedSession {
  readonly session: Session;
  readonly input?: SessionInput | undefined;
  readonly agentId?: string | undefined;
  readonly result?: AssignmentResult | undefined;
  readonly diff?: string | undefined;
}

interface Judged extends Candidate {
  readonly redactions: Readonly<Record<string, number>>;
  /** Whether the model that made it is none. */
  readonly simulated: boolean;
  readonly signature: Signature;
}

/** A scrubbed sample that still lacks its messages. */
export interface Draft extends Judged {
  readonly sample: Sample;
}

/** A sample with its line and what is chosen by. */
export interface Curated extends Judged {
  readonly line: string;
  readonly tokens: number;
  /** Whether the conversation stands in the line. */
  readonly hasMessages: boolean;
  /** Why it does not, where it should. */
  readonly transcriptFault?: TranscriptFault | undefined;
}

const modelOf = ({ session, result }: WorkedSession) => result?.model ?? session.modelIdentifier;
const isSimulated = (worked: WorkedSession) =>
  (worked.result?.simulated ?? false) || (modelOf(worked) ?? '').startsWith('demo/');
const isBlank = (text: string) => text.trim() === '';

/** The work: what was changed, or what was said where nothing was. */
const outputOf = ({ diff, result }: WorkedSession) =>
  diff === undefined || isBlank(diff) ? (result?.summary ?? '') : diff;

const sizeExclusion = (instruction: string, output: string, isCut: boolean): Exclusion | undefined => {
  const { instructionCharacters, outputBytes } = SAMPLE_LIMITS;
  // work whose diff was too large to keep is not what its summary says
  if (isCut || instruction.length > instructionCharacters || utf8Length(output) > outputBytes) return 'tooLong';
  return isBlank(instruction) || isBlank(output) ? 'blank' : undefined;
};

const sampleOf = (worked: WorkedSession, texts: { instruction: string; output: string }): Sample => {
  const { session, input, agentId } = worked;
  return {
    ...texts,
    input: '',
    origin: {
      session_id: session.id,
      root_session_id: session.rootId,
      attempt: session.attempt,
      session_type: session.sessionType,
      success_rate: session.successRate as number,
      success_source: session.successSource as SuccessSource,
      agent_id: agentId ?? null,
      model_identifier: modelOf(worked) ?? null,
      completed_at: session.endedAt ?? session.updatedAt,
      checkpoint_id: session.latestCheckpoint?.checkpointId ?? null,
      replayable: (input?.workspace?.verify.length ?? 0) > 0,
      ...(isSimulated(worked) ? { simulated: true } : {}),
    },
  };
};

/** The scrubbed sample of a session, or why it has none. */
export const draftSample = (worked: WorkedSession, filters: DatasetFilters, sha256: Sha256): Draft | Exclusion => {
  const { session, result, input } = worked;
  const excluded = judgeSession(session, { agentId: worked.agentId, modelIdentifier: modelOf(worked) }, filters);
  if (excluded !== undefined) return excluded;
  const raw = { instruction: input?.prompt ?? '', output: outputOf(worked) };
  // before scrubbing, so that it never reads more than a sample may have
  const unfit = sizeExclusion(raw.instruction, raw.output, result?.diffCut ?? false);
  if (unfit !== undefined) return unfit;
  const [instruction, output] = [scrub(raw.instruction), scrub(raw.output)];
  const redactions = addRedactions([instruction.redactions, output.redactions]);
  if (redactionCount(redactions) > SAMPLE_LIMITS.redactions) return 'tooManyRedactions';
  const sample = sampleOf(worked, { instruction: instruction.text, output: output.text });
  return {
    sample,
    sessionId: session.id,
    rootId: session.rootId,
    successRate: sample.origin.success_rate,
    completedAt: sample.origin.completed_at,
    contentHash: contentHashOf(sample, sha256),
    signature: signatureOf(comparableText(sample)),
    redactions,
    simulated: isSimulated(worked),
  };
};

/** The scrubbed conversation, or why there is none: it would take the sample over what may be replaced in it, say. */
const messagesOf = (transcript: string, redacted: number): ScrubbedTurns | TranscriptFault => {
  const turns = readTranscript(transcript);
  if (turns === undefined) return 'damaged';
  const scrubbed = scrubTurns(turns).turns;
  const text = JSON.stringify(scrubbed);
  // a runner has scrubbed before, and what it replaced counts no less
  const redactions = replacementsIn(text);
  const isTooSecret = redacted + redactionCount(redactions) > SAMPLE_LIMITS.redactions;
  if (utf8Length(text) > SAMPLE_LIMITS.messagesBytes) return 'tooLong';
  return isTooSecret ? 'tooManyRedactions' : { turns: scrubbed, redactions };
};

/** The line of a sample, with the conversation of its transcript where that can be had. What it is chosen by stays as it is. */
export const completeSample = ({ sample, ...judged }: Draft, transcript?: string | undefined): Curated => {
  const found = transcript === undefined ? undefined : messagesOf(transcript, redactionCount(judged.redactions));
  const [talk, transcriptFault] = typeof found === 'string' ? [undefined, found] : [found, undefined];
  const whole: Sample = talk ? { ...sample, messages: talk.turns } : sample;
  const redactions = talk ? addRedactions([judged.redactions, talk.redactions]) : judged.redactions;
  const { contentHash } = judged;
  const marks = { contentHash, redactionVersion: REDACTION_VERSION, redactions: redactionCount(redactions) };
  return {
    ...judged,
    redactions,
    line: sampleLine(whole, marks),
    tokens: tokensOf(whole),
    hasMessages: talk !== undefined,
    ...(transcriptFault && { transcriptFault }),
  };
};
