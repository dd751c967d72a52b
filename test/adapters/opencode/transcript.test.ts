import { describe, expect, it } from 'vitest';
import { chatTurnsOf, isTranscriptWanted, transcriptFile } from '#adapters/opencode/transcript';
import { readTranscript } from '#domain/dataset/transcript';
import { modelMessage, textPart, toolPart } from './a-turn.ts';

const ended = { title: '', metadata: {}, time: { start: 1, end: 2 } };
const done = (id: string, output: string, input: object = { command: 'ls' }) =>
  toolPart(id, 'bash', { status: 'completed', input: { ...input }, output, ...ended });
const stepStart = (id: string) => ({ id, sessionID: 'ses_1', messageID: 'msg_1', type: 'step-start' as const });
const same = (text: string) => text;
const turnsOf = (...parts: Parameters<typeof modelMessage>[1][]) =>
  chatTurnsOf(
    'Do it.',
    parts.map((one, index) => modelMessage(`a${index}`, one)),
    same,
  ).slice(1);

describe('the transcript of a turn', () => {
  it('is the prompt, what the model said and called, and what its calls answered', () => {
    const failed = toolPart('t2', 'read', {
      status: 'error',
      input: { filePath: 'x' },
      error: 'no such file',
      time: ended.time,
    });
    const turn = [
      modelMessage('a1', { parts: [textPart('p1', 'I look around.'), done('t1', 'a.txt'), failed] }),
      modelMessage('a2', { parts: [textPart('p2', ' Done.\n')] }),
    ];
    const call = (id: string, name: string, given: string) => ({
      id,
      type: 'function',
      function: { name, arguments: given },
    });
    expect(chatTurnsOf('Do it.', turn, same)).toEqual([
      { role: 'user', content: 'Do it.' },
      {
        ...{ role: 'assistant', content: 'I look around.' },
        tool_calls: [call('call_t1', 'bash', '{"command":"ls"}'), call('call_t2', 'read', '{"filePath":"x"}')],
      },
      { role: 'tool', tool_call_id: 'call_t1', content: 'a.txt' },
      { role: 'tool', tool_call_id: 'call_t2', content: 'no such file' },
      { role: 'assistant', content: 'Done.' },
    ]);
  });

  it('leaves out calls that never ended, summaries, what nobody said, and thoughts', () => {
    const running = toolPart('t1', 'bash', { status: 'running', input: {}, time: { start: 1 } });
    const thought = { ...stepStart('p1'), type: 'reasoning' as const, text: 'hm', time: { start: 1 } };
    expect(turnsOf({ parts: [running] }, { parts: [] }, { parts: [thought] })).toEqual([]);
    expect(turnsOf({ summary: true, parts: [textPart('p1', 'So far: nothing.')] })).toEqual([]);
    expect(turnsOf({ parts: [textPart('p1', 'made up', { synthetic: true })] })).toEqual([]);
  });

  it('has what was said after a broken connection once', () => {
    const parts = [stepStart('s1'), textPart('p1', 'I will '), stepStart('s2'), textPart('p2', 'I will help.')];
    expect(turnsOf({ parts })).toEqual([{ role: 'assistant', content: 'I will help.' }]);
  });

  it('has no secret, known to somebody or to the rules', () => {
    const clean = (text: string) => text.replaceAll('/home/ada/x', '/workspace');
    const parts = [done('t1', 'to ada@example.com', { command: 'cat /home/ada/x/a', token: 'abcdefghij' })];
    const turns = chatTurnsOf('Use AKIAABCDABCDABCDABCD.', [modelMessage('a1', { parts })], clean);
    expect(turns[0]?.content).toBe('Use [REDACTED:aws_access_key_id].');
    expect(turns[1]?.tool_calls?.[0]?.function.arguments).toBe(
      '{"command":"cat /workspace/a","token":"[REDACTED:assigned_secret]"}',
    );
    expect(turns[2]?.content).toBe('to [REDACTED:email]');
  });

  it('becomes a file that a dataset reads, of a megabyte at most', () => {
    const messages = chatTurnsOf('Do it.', [modelMessage('a1', { parts: [done('t1', 'a.txt')] })], same);
    const { path, mimeType, content } = transcriptFile({ model: 'acme/large', simulated: false, messages });
    expect([path, mimeType]).toEqual(['transcript.json', 'application/json']);
    expect(JSON.parse(`${content}`)).toMatchObject({ version: 1, model: 'acme/large', simulated: false });
    expect(readTranscript(`${content}`)).toEqual(messages);
    const long = [{ role: 'assistant', content: 'x'.repeat(1024 * 1024) }] as const;
    expect(() => transcriptFile({ simulated: true, messages: long })).toThrow('more than 1048576 is not kept');
  });

  it('is not wanted of sessions that are never learned from', () => {
    expect([isTranscriptWanted(['backend']), isTranscriptWanted(['evaluation', 'no-training'])]).toEqual([true, false]);
  });
});
