import { describe, expect, it } from 'vitest';
import { lastTextOf, turnOf, usageOf } from '#adapters/opencode/turn';
import { modelMessage, textPart, userMessage } from './a-turn.ts';

const ids = (turn: ReturnType<typeof turnOf>) => turn.map(({ info }) => info.id);

describe('the turn of a prompt', () => {
  const messages = [
    userMessage('p1'),
    modelMessage('a1'),
    userMessage('p2'),
    modelMessage('a2'),
    modelMessage('a3'),
    userMessage('p3'),
    modelMessage('a4'),
  ];

  it("is the model's messages up to the next prompt", () => {
    expect(ids(turnOf(messages, 'p1'))).toEqual(['a1']);
    expect(ids(turnOf(messages, 'p2'))).toEqual(['a2', 'a3']);
    expect(ids(turnOf(messages, 'p3'))).toEqual(['a4']);
  });

  it('goes on under the synthetic messages of a compaction', () => {
    const compacted = [
      userMessage('p1'),
      modelMessage('a1'),
      userMessage('s1', { synthetic: true }),
      modelMessage('a2'),
    ];
    expect(ids(turnOf(compacted, 'p1'))).toEqual(['a1', 'a2']);
  });

  it('is empty when the prompt is not there', () => {
    expect(turnOf(messages, 'p9')).toEqual([]);
  });
});

describe('the usage of a turn', () => {
  it('sums what every model call used', () => {
    const tokens = { input: 900, output: 50, reasoning: 7, cache: { read: 100, write: 3 } };
    const turn = [modelMessage('a1', { tokens, cost: 0.25 }), modelMessage('a2', { tokens, cost: 0.5 })];
    const sums = {
      input: 1_800,
      output: 100,
      reasoning: 14,
      cacheRead: 200,
      cacheWrite: 6,
      costUsd: 0.75,
      modelCalls: 2,
    };
    expect(usageOf(turn)).toEqual(sums);
  });
});

describe('the last text of a turn', () => {
  it('is that of the last message that says something', () => {
    const turn = [
      modelMessage('a1', { parts: [textPart('t1', 'First.')] }),
      modelMessage('a2', { parts: [textPart('t2', 'Sec'), textPart('t3', 'ond. ')] }),
      modelMessage('a3', { parts: [textPart('t4', 'reminder', { synthetic: true })] }),
    ];
    expect(lastTextOf(turn)).toBe('Second.');
    expect(lastTextOf([])).toBe('');
  });
});
