import { describe, expect, it } from 'vitest';
import { answerTo, type ChatMessage, noScriptText } from '#apps/runner/demo-model/answer';
import { scripted } from '#test/support/an-assignment';

const system: ChatMessage = { role: 'system', content: 'You are an agent.\nWorking directory: /srv/my project\n' };
const user = (...lines: string[]): ChatMessage => ({ role: 'user', content: scripted(...lines) });
const acted: ChatMessage[] = [
  { role: 'assistant', content: '' },
  { role: 'tool', content: 'ok' },
];

describe('the demo model', () => {
  it('says how to configure a real model when there is no script, and does nothing', () => {
    expect(answerTo([system, { role: 'user', content: 'Fix it' }], new Map())).toMatchObject({
      kind: 'text',
      text: noScriptText,
      goesOn: false,
    });
  });

  it('finds its next step in the conversation', () => {
    const messages = [system, user('write a.txt | one', 'bash ls', 'say Done.')];
    expect(answerTo(messages, new Map())).toMatchObject({ tool: 'write', input: { content: 'one\n' } });
    expect(answerTo([...messages, ...acted], new Map())).toMatchObject({ tool: 'bash', input: { command: 'ls' } });
    expect(answerTo([...messages, ...acted, ...acted], new Map())).toMatchObject({ text: 'Done.', goesOn: false });
  });

  it('begins anew after the next user message', () => {
    const messages = [system, user('bash one'), ...acted, user('bash two')];
    expect(answerTo(messages, new Map())).toMatchObject({ input: { command: 'two' } });
  });

  it('writes into the working directory of the session, also when its path has a space', () => {
    expect(answerTo([system, user('write src/a.txt | x')], new Map())).toMatchObject({
      input: { filePath: '/srv/my project/src/a.txt' },
    });
  });

  it('goes on after a sentence in the middle', () => {
    expect(answerTo([system, user('say First.', 'say Last.')], new Map())).toMatchObject({
      text: 'First.',
      goesOn: true,
    });
  });

  it('ends with a sentence when the script has none', () => {
    const answer = answerTo([system, user('bash ls'), ...acted], new Map());
    expect(answer).toMatchObject({ kind: 'text', goesOn: false });
  });

  it('reports the tokens that the script names', () => {
    expect(answerTo([system, user('usage 1200 80', 'bash ls')], new Map())).toMatchObject({
      usage: { input: 1_200, output: 80 },
    });
  });

  it('fails as often as the script says, each conversation for itself', () => {
    const failures = new Map<string, number>();
    const messages = [system, user('fail 503 2', 'say Done.')];
    const kinds = [1, 2, 3].map(() => answerTo(messages, failures).kind);
    expect(kinds).toEqual(['failure', 'failure', 'text']);
    const elsewhere = [{ ...system, content: 'Working directory: /other\n' }, ...messages.slice(1)];
    expect(answerTo(elsewhere, failures)).toMatchObject({ kind: 'failure', status: 503 });
  });

  it('refuses a script that it does not understand instead of doing half of it', () => {
    expect(answerTo([system, user('bash ls', 'dance')], new Map())).toMatchObject({ kind: 'failure', status: 400 });
  });
});
