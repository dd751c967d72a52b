import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAT_ROLES, type ChatTurn } from '#domain/dataset/chat-turn';
import { scrubTurns } from '#domain/dataset/scrub-turns';
import { aCall, someTurns } from '#test/support/a-transcript';
import { scrubCases } from './scrub-cases.ts';

const secret = `AKIA${'ABCD'.repeat(4)}`;
const argumentsOf = (turns: readonly ChatTurn[]) =>
  turns.flatMap((turn) => turn.tool_calls ?? [])[0]?.function.arguments;
const scrubbedArguments = (given: unknown) => {
  const { turns, redactions } = scrubTurns([{ role: 'assistant', content: '', tool_calls: [aCall(given)] }]);
  return { given: argumentsOf(turns), redactions };
};

describe('scrubbing turns', () => {
  it('leaves what is harmless as it is', () => {
    expect(scrubTurns(someTurns())).toEqual({ turns: someTurns(), redactions: {} });
  });

  it('looks at what is said, asked for, answered and at every name', () => {
    const call = { ...aCall({ [secret]: [{ command: `use ${secret}` }] }, { id: secret, name: secret }) };
    const { turns, redactions } = scrubTurns([
      { role: 'user', content: `Use ${secret}.` },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: secret, tool_call_id: secret },
    ]);
    expect(JSON.stringify(turns)).not.toContain(secret);
    expect(redactions).toEqual({ aws_access_key_id: 7 });
    expect(turns[2]?.tool_call_id).toBe(turns[1]?.tool_calls?.[0]?.id);
  });

  it.each([
    [
      'a line of its own',
      { content: 'A=1\nMY_TOKEN=abcdefghij\n' },
      '{"content":"A=1\\nMY_TOKEN=[REDACTED:env_secret]\\n"}',
    ],
    ['in quotes', { content: 'password = "abcdefghij"' }, '{"content":"password = [REDACTED:assigned_secret]"}'],
    ['named by its key', { password: 'abcdefghij' }, '{"password":"[REDACTED:assigned_secret]"}'],
    ['in a list under its key', { api_key: ['abcdefghij', 'x'] }, '{"api_key":["[REDACTED:assigned_secret]","x"]}'],
    ['named as a variable', { AWS_ACCESS_KEY: 'abcdefghij' }, '{"AWS_ACCESS_KEY":"[REDACTED:env_secret]"}'],
    ['a number', { card: 4111111111111111, line: 12 }, '{"card":"[REDACTED:card_number]","line":12}'],
    ['a text', 'mail ada@example.com', 'mail [REDACTED:email]'],
  ])('finds a secret in arguments: %s', (_, given, becomes) => {
    const scrubbed = scrubbedArguments(given);
    expect(scrubbed.given).toBe(becomes);
    expect(Object.values(scrubbed.redactions)).toEqual([1]);
    expect(scrubbedArguments(becomes)).toEqual({ given: becomes, redactions: {} });
  });

  it.each(scrubCases.filter(({ hides }) => hides !== undefined))(
    'finds in arguments what it finds in texts: $rule',
    (one) => {
      const { given } = scrubbedArguments({ files: [{ content: one.text }] });
      expect(JSON.parse(`${given}`).files[0].content).not.toContain(one.hides);
      expect(given).toContain('[REDACTED:');
    },
  );

  it('keeps what no name makes a secret: long texts, truth and nothing', () => {
    const given = JSON.stringify({ token: 'ab '.repeat(2000), password: true, secret: null, keep: 'x' });
    expect(scrubbedArguments(given)).toEqual({ given, redactions: {} });
  });

  it('takes arguments that are nested without end as one text', () => {
    const deep = `${'['.repeat(5000)}"${secret}"${']'.repeat(5000)}`;
    expect(scrubbedArguments(deep).given).toBe(deep.replace(secret, '[REDACTED:aws_access_key_id]'));
  });

  it('takes out what somebody knows by heart, too', () => {
    const clean = (text: string) => text.replaceAll('swordfish', '[secret]');
    const { turns, redactions } = scrubTurns(someTurns({ given: { command: 'echo swordfish' } }), clean);
    expect(argumentsOf(turns)).toBe('{"command":"echo [secret]"}');
    expect(redactions).toEqual({});
  });

  it('changes nothing the second time, whatever stands around a secret', () => {
    const texts = fc.oneof(fc.string(), fc.constantFrom(...scrubCases.map(({ text }) => text)));
    const names = fc.oneof(fc.string(), fc.constantFrom('password', 'API_KEY', 'command', 'token', '__proto__', '1'));
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        ...[texts, fc.double(), fc.boolean(), fc.constant(null)],
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const turn = fc.record({
      role: fc.constantFrom(...CHAT_ROLES),
      content: texts,
      calls: fc.array(
        fc.oneof(
          values.map((value) => JSON.stringify(value)),
          texts,
        ),
        { maxLength: 2 },
      ),
      answered: fc.option(texts, { nil: undefined }),
    });
    const turnsOf = ({
      role,
      content,
      calls,
      answered,
    }: {
      role: ChatTurn['role'];
      content: string;
      calls: string[];
      answered: string | undefined;
    }): ChatTurn => ({
      ...{ role, content },
      ...(calls.length > 0 ? { tool_calls: calls.map((given) => aCall(given)) } : {}),
      ...(answered === undefined ? {} : { tool_call_id: answered }),
    });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 3 }), (drawn) => {
        const once = scrubTurns([...drawn.map(turnsOf), ...someTurns({ given: { content: `x ${secret} y` } })]);
        expect(scrubTurns(once.turns)).toEqual({ turns: once.turns, redactions: {} });
        expect(JSON.stringify(once.turns)).not.toContain(secret);
      }),
      { numRuns: 150 },
    );
  });
});
