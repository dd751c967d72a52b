import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { completeSample, type Draft, draftSample } from '#domain/dataset/curate-session';
import { scrubTurns } from '#domain/dataset/scrub-turns';
import { aDataset } from '#test/support/a-dataset';
import { aSession, aSessionInput, aWorkspace, NOON } from '#test/support/a-session';
import { aTranscript, someTurns } from '#test/support/a-transcript';
import { aResult } from '#test/support/a-work-item';

const aDraft = (diff = '+hello\n'): Draft => {
  const session = aSession({
    ...{ status: 'completed', successRate: 1, successSource: 'verification', endedAt: NOON },
    modelIdentifier: 'acme/large',
  });
  const input = aSessionInput({ prompt: 'Greet ada@example.com.', workspace: aWorkspace() });
  const worked = { session, input, agentId: 'AGENT', result: aResult({ model: undefined }), diff };
  const draft = draftSample(worked, aDataset().filters, nodeDigest.sha256);
  return typeof draft === 'string' ? expect.fail(`excluded: ${draft}`) : draft;
};
const lineOf = (transcript?: string, draft = aDraft()) => JSON.parse(completeSample(draft, transcript).line);

describe('a sample with its transcript', () => {
  it('is the line that the training program reads', () => {
    const given = { filePath: 'hello.txt', content: 'hello\nMY_TOKEN=abcdefghij\n' };
    const { line } = completeSample(aDraft(), aTranscript(someTurns({ asked: 'Greet ada@example.com.', given })));
    // training/tests/test_curated.py reads the same file
    expect(`${line}\n`).toBe(readFileSync('training/tests/curated.jsonl', 'utf8'));
  });

  it('has its turns scrubbed, counted with the rest, and its tokens by them alone', () => {
    const turns = someTurns({ asked: 'Greet ada@example.com.', found: 'mail ada@example.com' });
    const { line, redactions, tokens, hasMessages } = completeSample(aDraft(), aTranscript(turns));
    const { messages, metadata } = JSON.parse(line);
    expect(line).not.toContain('ada@');
    expect(messages).toEqual(someTurns({ asked: 'Greet [REDACTED:email].', found: 'mail [REDACTED:email]' }));
    expect([redactions, metadata.redactions, hasMessages]).toEqual([{ email: 3 }, 3, true]);
    expect(tokens).toBe(Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / 4));
  });

  it('is chosen by what it is chosen by without', () => {
    const by = ({ contentHash, signature, sessionId }: Draft | ReturnType<typeof completeSample>) => ({
      ...{ contentHash, signature, sessionId },
    });
    expect(by(completeSample(aDraft(), aTranscript()))).toEqual(by(completeSample(aDraft())));
  });

  it('counts what the runner replaced like what is replaced here, and no marker of a rule that nobody knows', () => {
    const turns = someTurns({
      given: { content: 'A=1\nMY_TOKEN=abcdefghij' },
      found: 'a@example.com [REDACTED:secret]',
    });
    const byRunner = scrubTurns(turns).turns;
    expect(JSON.stringify(byRunner)).toContain('[REDACTED:env_secret]');
    const sample = completeSample(aDraft(), aTranscript(byRunner));
    expect(sample).toEqual(completeSample(aDraft(), aTranscript(turns)));
    expect(sample.redactions).toEqual({ email: 2, env_secret: 1 });
    const replaced = (count: number) => aTranscript(someTurns({ found: '[REDACTED:email] '.repeat(count) }));
    expect(completeSample(aDraft(), replaced(19)).redactions).toEqual({ email: 20 });
    expect(lineOf(replaced(20))).not.toHaveProperty('messages');
  });

  it.each([
    ['there is none', undefined, {}],
    ['it is none', '{"version":1}', { transcriptFault: 'damaged' }],
    ['it is too long', aTranscript(someTurns({ found: 'x'.repeat(256 * 1024) })), { transcriptFault: 'tooLong' }],
    [
      'it would take the sample over 20 replacements',
      aTranscript(someTurns({ found: 'a@example.com '.repeat(20) })),
      { transcriptFault: 'tooManyRedactions' },
    ],
  ])('goes without messages where %s, and says why', (_, transcript, why) => {
    const without = completeSample(aDraft());
    expect(completeSample(aDraft(), transcript)).toEqual({ ...without, ...why });
    expect(without).toMatchObject({ hasMessages: false, redactions: { email: 1 } });
    expect(lineOf(transcript)).not.toHaveProperty('messages');
  });

  it('may have 20 replacements and 256 KB, and not one more', () => {
    const addresses = (count: number) => aTranscript(someTurns({ found: 'a@example.com '.repeat(count) }));
    expect(lineOf(addresses(19))).toHaveProperty('messages');
    expect(lineOf(addresses(20))).not.toHaveProperty('messages');
    const around = Buffer.byteLength(JSON.stringify(someTurns({ found: '' })));
    const long = (bytes: number) => aTranscript(someTurns({ found: 'x'.repeat(bytes - around) }));
    expect(lineOf(long(256 * 1024))).toHaveProperty('messages');
    expect(lineOf(long(256 * 1024 + 1))).not.toHaveProperty('messages');
  });
});
