import { describe, expect, it } from 'vitest';
import { ScriptError, scriptIn } from '#apps/runner/demo-model/script';
import { scripted } from '#test/support/an-assignment';

const actions = (...lines: string[]) => scriptIn(scripted(...lines))?.map(({ action }) => action);

describe('a script in a prompt', () => {
  it('is absent when the prompt has no such block', () => {
    expect(scriptIn('Fix the bug.\n```js\nwrite();\n```')).toBeUndefined();
  });

  it('has one step per line that does something', () => {
    expect(
      actions('# a comment', '', 'write a.txt | hi', 'bash ls -la | wc -l', 'sleep 1500', 'say All | done.'),
    ).toEqual([
      { kind: 'write', path: 'a.txt', content: 'hi\n' },
      { kind: 'bash', command: 'ls -la | wc -l' },
      { kind: 'sleep', milliseconds: 1_500 },
      { kind: 'say', text: 'All | done.' },
    ]);
  });

  it('writes several lines, tabs and backslashes by escapes and ends a file with one line break', () => {
    expect(actions(String.raw`write src/a b.js | one\n\ttwo\\n\n`)).toEqual([
      { kind: 'write', path: 'src/a b.js', content: 'one\n\ttwo\\n\n' },
    ]);
  });

  it('gives usage and failures to the step that follows', () => {
    expect(scriptIn(scripted('usage 1200 80', 'fail 500 2   # twice', 'say Done.', 'say More.'))).toEqual([
      { action: { kind: 'say', text: 'Done.' }, usage: { input: 1_200, output: 80 }, fail: { status: 500, times: 2 } },
      { action: { kind: 'say', text: 'More.' } },
    ]);
  });

  it('gives usage at its end to a closing sentence', () => {
    expect(scriptIn(scripted('bash true', 'usage 5 6'))?.[1]).toMatchObject({ usage: { input: 5, output: 6 } });
  });

  it('fails for ever when no number is given', () => {
    expect(scriptIn(scripted('fail 429', 'say x'))?.[0]?.fail).toEqual({
      status: 429,
      times: Number.POSITIVE_INFINITY,
    });
  });

  it.each(['dance', 'write a.txt', 'write | x', 'bash', 'sleep soon', 'usage 1', 'fail 200', 'fail', 'sleep 1 2 3'])(
    'refuses the line "%s"',
    (line) => {
      expect(() => scriptIn(scripted(line))).toThrow(ScriptError);
    },
  );

  it('is the first one when there are several', () => {
    expect(scriptIn(`${scripted('say one')}${scripted('say two')}`)).toHaveLength(1);
  });
});
