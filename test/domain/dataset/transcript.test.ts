import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript } from '#domain/dataset/transcript';
import { aTranscript, someTurns } from '#test/support/a-transcript';

const [asked, called, answered, last] = someTurns();
const stored = (messages: unknown, version = 1) => JSON.stringify({ version, messages });

describe('a stored transcript', () => {
  it('is read as it was written', () => {
    expect(readTranscript(aTranscript())).toEqual(someTurns());
  });

  it('may say nothing beside a call, and more than is known here', () => {
    const more = [{ ...asked, name: 'ada' }, { ...called, content: null }, answered, { ...last, tool_calls: null }];
    expect(readTranscript(stored(more))).toEqual(someTurns());
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '3'],
    ['nothing', 'null'],
    ['another version', stored(someTurns(), 2)],
    ['no messages', stored(undefined)],
    ['none at all', stored([])],
    ['nobody who answers', stored([asked])],
    ['a turn that is none', stored([last, 3])],
    ['an unknown role', stored([last, { role: 'judge', content: 'x' }])],
    ['content that is no text', stored([last, { role: 'user', content: [{ type: 'text' }] }])],
    ['no calls in a list of them', stored([last, { ...called, tool_calls: [] }])],
    ['a call without arguments', stored([{ ...called, tool_calls: [{ id: 'c', function: { name: 'x' } }] }])],
    ['a call of nothing', stored([{ ...called, tool_calls: [{ id: 'c' }] }])],
    ['an answer to no text', stored([last, { ...answered, tool_call_id: 3 }])],
    ['brackets without end', '['.repeat(100_000)],
  ])('is none: %s', (_, text) => {
    expect(readTranscript(text)).toBeUndefined();
  });

  it('never throws, whatever was uploaded under its name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((value) => `{"version":1,"messages":${value}}`),
        ),
        (text) => {
          readTranscript(text);
        },
      ),
      { numRuns: 200 },
    );
  });
});
