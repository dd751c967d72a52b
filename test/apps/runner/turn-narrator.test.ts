import { describe, expect, it } from 'vitest';
import { turnNarrator } from '#apps/runner/turn-narrator';
import { modelMessage, textPart, toolPart } from '#test/adapters/opencode/a-turn';

const running = { kind: 'running' } as const;
const bash = { input: { command: 'npm test' }, time: { start: 100, end: 350 } };
const types = (events: ReturnType<ReturnType<typeof turnNarrator>>) => events.map(({ type }) => type);

describe('the narration of a run', () => {
  it('tells every step, tool call, output and text once', () => {
    const narrate = turnNarrator();
    const called = modelMessage('a1', {
      parts: [toolPart('p1', 'bash', { ...bash, status: 'completed', output: 'ok\n', title: 'x', metadata: {} })],
    });
    const first = narrate(running, [called]);
    expect(first).toEqual([
      { type: 'progress', step: 1, message: 'step 1' },
      { type: 'tool', tool: 'bash', title: 'npm test', status: 'started' },
      { type: 'tool', tool: 'bash', title: 'npm test', status: 'completed', duration_ms: 250 },
      { type: 'log', level: 'info', source: 'bash', message: 'ok' },
      expect.objectContaining({ type: 'metrics', api_calls: 1 }),
    ]);
    expect(narrate(running, [called])).toEqual([]);
    const second = narrate({ kind: 'done' }, [called, modelMessage('a2', { parts: [textPart('p2', 'Done.')] })]);
    expect(second).toContainEqual({ type: 'log', level: 'info', source: 'agent', message: 'Done.' });
  });

  it('tells the start of a tool before its end', () => {
    const narrate = turnNarrator();
    const call = (state: Parameters<typeof toolPart>[2]) => [
      modelMessage('a1', { parts: [toolPart('p1', 'bash', state)] }),
    ];
    expect(types(narrate(running, call({ status: 'pending', input: {}, raw: '' })))).not.toContain('tool');
    const started = narrate(running, call({ status: 'running', input: bash.input, time: { start: 100 } }));
    expect(started).toEqual([{ type: 'tool', tool: 'bash', title: 'npm test', status: 'started' }]);
    const ended = narrate(running, call({ ...bash, status: 'error', error: 'not allowed' }));
    expect(ended).toEqual([
      { type: 'tool', tool: 'bash', title: 'npm test', status: 'failed', duration_ms: 250 },
      { type: 'log', level: 'warning', source: 'bash', message: 'not allowed' },
    ]);
  });

  it('tells a text when it is complete', () => {
    const narrate = turnNarrator();
    const saying = (text: string, ended: boolean) => [
      modelMessage('a1', { completed: false, parts: [textPart('p1', text, { ended })] }),
    ];
    expect(types(narrate(running, saying('Hel', false)))).not.toContain('log');
    expect(narrate(running, saying('Hello.', true))).toEqual([
      { type: 'log', level: 'info', source: 'agent', message: 'Hello.' },
    ]);
  });

  it('tells every retry of the model provider once and counts it', () => {
    const narrate = turnNarrator();
    const retrying = (attempt: number) =>
      ({ kind: 'retrying', attempt, message: 'HTTP 500', nextAtMs: attempt * 1_000 }) as const;
    const told = [1, 1, 2].flatMap((attempt) => narrate(retrying(attempt), []));
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ type: 'log', level: 'warning', message: expect.stringContaining('HTTP 500') });
    expect(narrate(running, [modelMessage('a1')])).toContainEqual(
      expect.objectContaining({ type: 'metrics', api_errors: 2 }),
    );
  });

  it('tells cumulative tokens whenever they change', () => {
    const narrate = turnNarrator();
    const turn = (input: number) => [
      modelMessage('a1', { tokens: { input, output: 5, reasoning: 0, cache: { read: 1, write: 0 } } }),
    ];
    narrate(running, turn(10));
    expect(narrate(running, turn(10))).toEqual([]);
    expect(narrate(running, turn(30))).toEqual([
      expect.objectContaining({ type: 'metrics', input_tokens: 30, cache_read_tokens: 1 }),
    ]);
  });
});
