import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import type { ChatTurn } from '#domain/dataset/chat-turn';
import { type Curated, completeSample, draftSample, type WorkedSession } from '#domain/dataset/curate-session';
import type { DatasetFilters } from '#domain/dataset/dataset';
import { judgeHead } from '#domain/dataset/judge-session';
import { contentHashOf, sampleLine, tokensOf } from '#domain/dataset/sample';
import type { Session } from '#domain/session/session';
import { aDataset } from '#test/support/a-dataset';
import { aSession, aSessionInput, aWorkspace, NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';

const { sha256 } = nodeDigest;
const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';

const aWorked = (session: Partial<Session> = {}, rest: Partial<WorkedSession> = {}): WorkedSession => ({
  session: aSession({
    status: 'completed',
    successRate: 1,
    successSource: 'verification',
    endedAt: NOON,
    modelIdentifier: 'acme/large',
    ...session,
  }),
  input: aSessionInput({ workspace: aWorkspace() }),
  agentId: 'AGENT',
  result: aResult({ summary: 'Done.', model: undefined }),
  diff: DIFF,
  ...rest,
});

const withFilters = (fields: Partial<DatasetFilters> = {}): DatasetFilters => ({ ...aDataset().filters, ...fields });
const curate = (worked: WorkedSession, filters: Partial<DatasetFilters> = {}) =>
  draftSample(worked, withFilters(filters), sha256);
const taken = (worked: WorkedSession, filters: Partial<DatasetFilters> = {}): Curated => {
  const draft = curate(worked, filters);
  return typeof draft === 'string' ? expect.fail(`excluded: ${draft}`) : completeSample(draft);
};
const lineOf = (worked: WorkedSession) => JSON.parse(taken(worked).line);

describe('a session', () => {
  it('is taken with its task and its diff, and says where it comes from', () => {
    const { line, tokens, ...rest } = taken(aWorked());
    expect(Object.keys(JSON.parse(line))).toEqual(['instruction', 'input', 'output', 'metadata']);
    expect(JSON.parse(line)).toMatchObject({ instruction: 'Do nothing.', input: '', output: DIFF });
    expect(Object.entries(JSON.parse(line).metadata)).toEqual([
      ['session_id', 'SESSION'],
      ['root_session_id', 'SESSION'],
      ['attempt', 1],
      ['session_type', 'execution'],
      ['success_rate', 1],
      ['success_source', 'verification'],
      ['agent_id', 'AGENT'],
      ['model_identifier', 'acme/large'],
      ['completed_at', NOON],
      ['checkpoint_id', null],
      ['replayable', true],
      ['content_hash', rest.contentHash],
      ['redaction_version', 2],
      ['redactions', 0],
    ]);
    expect(tokens).toBe(Math.ceil(('Do nothing.'.length + DIFF.length) / 4));
    expect(rest).toMatchObject({ sessionId: 'SESSION', rootId: 'SESSION', completedAt: NOON, simulated: false });
  });

  it('says what is not known of it', () => {
    const worked = aWorked({ modelIdentifier: undefined, endedAt: undefined }, { input: aSessionInput() });
    const { agentId: _, ...alone } = worked;
    expect(taken({ ...alone, result: undefined }).simulated).toBe(false);
    expect(lineOf(alone).metadata).toMatchObject({ agent_id: null, model_identifier: null, replayable: false });
    const at = { checkpointId: 'CP', sequence: 1, attempt: 1, createdAt: NOON };
    expect(lineOf(aWorked({ latestCheckpoint: at })).metadata.checkpoint_id).toBe('CP');
  });

  it('without a diff is taken with what its agent said', () => {
    expect(lineOf(aWorked({}, { diff: ' \n' })).output).toBe('Done.');
    expect(lineOf(aWorked({}, { diff: undefined })).output).toBe('Done.');
  });

  it.each<[string, string, Partial<Session>, Partial<DatasetFilters>?]>([
    ['belowThreshold', 'of 0.89', { successRate: 0.89 }],
    ['taken', 'of 0.9', { successRate: 0.9 }],
    ['unknownSuccessRate', 'without a rate', { successRate: undefined, successSource: undefined }],
    ['notMatching', 'cancelled at 1.0', { status: 'cancelled', successRate: 1 }],
    ['unknownSuccessRate', 'whose agent claims 1.0', { successSource: 'agent' as 'verification' }],
    [
      'taken',
      'whose agent claims 1.0, if that counts',
      { successSource: 'agent' as 'verification' },
      { successSources: ['agent'] },
    ],
    ['notMatching', 'partially completed', { status: 'partially_completed' }],
    ['taken', 'partially completed, if that counts', { status: 'partially_completed' }, { includePartial: true }],
    ['notMatching', 'deleted', { deletedAt: NOON }],
    ['consent', 'tagged no-training', { tags: ['no-training'] }],
    ['notMatching', 'of another type', {}, { sessionTypes: ['review'] }],
    ['taken', 'of one of the types', {}, { sessionTypes: ['review', 'execution'] }],
    ['notMatching', 'with one of two tags', { tags: ['a'] }, { tags: ['a', 'b'] }],
    ['taken', 'with both tags', { tags: ['b', 'a'] }, { tags: ['a', 'b'] }],
    ['notMatching', 'created before', {}, { createdFrom: '2026-05-04T12:00:00.001Z' }],
    ['taken', 'created then', {}, { createdFrom: NOON }],
    ['notMatching', 'created at the end', {}, { createdTo: NOON }],
    ['notMatching', 'of another agent', { successRate: 0 }, { agentIds: ['OTHER'] }],
    ['belowThreshold', 'of the agent, but worse', { successRate: 0 }, { agentIds: ['AGENT'] }],
    ['notMatching', 'of another model', {}, { modelIdentifiers: ['acme/small'] }],
    ['taken', 'of the model', {}, { modelIdentifiers: ['acme/large'] }],
    ['notMatching', 'of no model', { modelIdentifier: undefined }, { modelIdentifiers: ['acme/large'] }],
  ])('is %s: %s', (expected, _, session, filters = {}) => {
    const worked = aWorked(session);
    const curated = curate(worked, filters);
    expect(typeof curated === 'string' ? curated : 'taken').toBe(expected);
    const early = judgeHead(worked.session, withFilters(filters));
    // what the head refuses, the whole refuses for the same reason
    if (early !== undefined) expect(early).toBe(expected);
  });

  it.each<[string, string, Partial<WorkedSession>]>([
    ['blank', 'no prompt', { input: undefined }],
    ['blank', 'no work', { diff: undefined, result: undefined }],
    ['tooLong', 'a prompt of 32,001', { input: aSessionInput({ prompt: 'x'.repeat(32_001) }) }],
    ['taken', 'a prompt of 32,000', { input: aSessionInput({ prompt: 'x'.repeat(32_000) }) }],
    ['tooLong', '64 KB and a byte', { diff: `${'é'.repeat(32 * 1024)}x` }],
    ['taken', '64 KB', { diff: 'é'.repeat(32 * 1024) }],
    ['tooLong', 'a diff that was not kept', { diff: undefined, result: aResult({ diffCut: true }) }],
    ['tooLong', 'a diff of five megabytes', { diff: '\neyJ-token='.repeat(480_000) }],
    ['tooLong', 'a prompt of five megabytes', { input: aSessionInput({ prompt: 'SECRET\n '.repeat(600_000) }) }],
    ['tooManyRedactions', '21 addresses', { diff: 'a@example.com '.repeat(21) }],
    ['taken', '20 addresses', { diff: 'a@example.com '.repeat(20) }],
  ])('is %s: %s', (expected, _, rest) => {
    const curated = curate(aWorked({}, rest));
    expect(typeof curated === 'string' ? curated : 'taken').toBe(expected);
  });

  it('is scrubbed before it is hashed, counted and written', () => {
    const input = aSessionInput({ prompt: 'Mail ada@example.com.' });
    const { line, redactions, contentHash } = taken(aWorked({}, { input, diff: 'to ada@example.com' }));
    expect(line).not.toContain('ada@');
    expect(redactions).toEqual({ email: 2 });
    const texts = { instruction: 'Mail [REDACTED:email].', input: '', output: 'to [REDACTED:email]' };
    expect(contentHash).toBe(contentHashOf(texts, sha256));
    expect(JSON.parse(line).metadata).toMatchObject({ redactions: 2, content_hash: contentHash });
  });

  it('of a model that is none makes its sample simulated', () => {
    expect(taken(aWorked({ modelIdentifier: 'demo/scripted' })).simulated).toBe(true);
    expect(taken(aWorked({}, { result: aResult({ simulated: true }) })).simulated).toBe(true);
    expect(lineOf(aWorked({}, { result: aResult({ simulated: true }) })).metadata).toMatchObject({ simulated: true });
    expect(lineOf(aWorked()).metadata).not.toHaveProperty('simulated');
    expect(lineOf(aWorked({}, { result: aResult({ model: 'acme/new' }) })).metadata.model_identifier).toBe('acme/new');
  });
});

describe('a sample', () => {
  const texts = { instruction: 'Añade', input: '', output: 'b' };
  const { origin } = { origin: lineOf(aWorked()).metadata };
  const marks = { contentHash: 'hash', redactionVersion: 1, redactions: 0 };

  it('has one hash, whatever its white space and the form of its accents', () => {
    const other = { instruction: ' An\u0303ade\n', input: '  ', output: '\tb' };
    expect(contentHashOf(other, sha256)).toBe(contentHashOf(texts, sha256));
    expect(contentHashOf(texts, sha256)).toBe(sha256('Añade\0\0b'));
    expect(contentHashOf({ ...texts, input: 'c' }, sha256)).not.toBe(contentHashOf(texts, sha256));
  });

  it('with a transcript has its turns between output and metadata, and their tokens', () => {
    const messages: ChatTurn[] = [
      { role: 'user', content: 'Añade' },
      { role: 'assistant', content: 'b' },
    ];
    const line = sampleLine({ ...texts, messages, origin }, marks);
    expect(Object.keys(JSON.parse(line))).toEqual(['instruction', 'input', 'output', 'messages', 'metadata']);
    expect(JSON.parse(line).messages).toEqual(messages);
    expect(tokensOf({ ...texts, messages })).toBe(Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / 4));
    expect(tokensOf(texts)).toBe(2);
  });
});
