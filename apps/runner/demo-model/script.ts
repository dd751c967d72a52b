/**
 * The script that the demo model follows: a fenced block in the prompt, one step per line.
 *
 *     ```iorch-script
 *     write src/hello.js | export const hello = () => 'hi';
 *     bash node --test
 *     sleep 1500
 *     usage 1200 80      # the next step's model call reports 1,200 input and 80 output tokens
 *     fail 500 2         # the model answers HTTP 500 twice before the next step; without a number, for ever
 *     say Done.
 *     ```
 *
 * `write` ends the file with a line break; in its content `\n` is a line break, `\t` a tab and `\\` a backslash.
 * `usage` and `fail` belong to the step that follows. Empty lines and lines that begin with `#` are skipped.
 */
export interface ScriptStep {
  readonly action: ScriptAction;
  readonly usage?: { readonly input: number; readonly output: number };
  readonly fail?: { readonly status: number; readonly times: number };
}

export type ScriptAction =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'bash'; readonly command: string }
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  | { readonly kind: 'say'; readonly text: string };

/** A line of the script that the demo model does not understand. */
export class ScriptError extends Error {
  constructor(line: string, expected: string) {
    super(`The demo model does not understand the script line "${line}": ${expected}.`);
    this.name = 'ScriptError';
  }
}

const fence = /^[ \t]*```iorch-script[ \t]*\r?\n([\s\S]*?)^[ \t]*```/m;

/** The steps of the first script in the prompt; undefined when there is none. Throws ScriptError. */
export function scriptIn(prompt: string): ScriptStep[] | undefined {
  const body = fence.exec(prompt)?.[1];
  return body === undefined ? undefined : stepsOf(body.split(/\r?\n/));
}

function stepsOf(lines: readonly string[]): ScriptStep[] {
  const steps: ScriptStep[] = [];
  let ahead: Omit<ScriptStep, 'action'> = {};
  for (const line of lines.map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith('#'))) {
    const [verb = '', rest = ''] = [/^\S+/.exec(line)?.[0], line.replace(/^\S+\s*/, '')];
    if (verb === 'usage') ahead = { ...ahead, usage: usageOf(line, rest) };
    else if (verb === 'fail') ahead = { ...ahead, fail: failureOf(line, rest) };
    else {
      steps.push({ ...ahead, action: actionOf(line, verb, rest) });
      ahead = {};
    }
  }
  if (ahead.usage || ahead.fail) steps.push({ ...ahead, action: { kind: 'say', text: 'The script is done.' } });
  return steps;
}

function actionOf(line: string, verb: string, rest: string): ScriptAction {
  if (verb === 'write') return writeOf(line, rest);
  if (verb === 'sleep')
    return { kind: 'sleep', milliseconds: numbersOf(line, rest, 1, 'sleep <milliseconds>')[0] ?? 0 };
  if (verb !== 'bash' && verb !== 'say')
    throw new ScriptError(line, 'a step is write, bash, sleep, usage, fail or say');
  if (rest === '') throw new ScriptError(line, `${verb} needs a text`);
  return verb === 'bash' ? { kind: 'bash', command: rest } : { kind: 'say', text: rest };
}

function writeOf(line: string, rest: string): ScriptAction {
  const [, path, content] = /^(\S.*?)\s*\|\s?(.*)$/.exec(rest) ?? [];
  if (path === undefined || content === undefined) throw new ScriptError(line, 'it is write <path> | <content>');
  const text = content.replace(/\\([nt\\])/g, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? '\\');
  return { kind: 'write', path, content: text.endsWith('\n') ? text : `${text}\n` };
}

function usageOf(line: string, rest: string) {
  const [input = 0, output = 0] = numbersOf(line, rest, 2, 'usage <input tokens> <output tokens>');
  return { input, output };
}

function failureOf(line: string, rest: string) {
  const [status = 500, times = Number.POSITIVE_INFINITY] = numbersOf(line, rest, 1, 'fail <HTTP status> [<times>]');
  if (status < 400 || status > 599) throw new ScriptError(line, 'the status is 400 to 599');
  return { status, times };
}

function numbersOf(line: string, rest: string, atLeast: number, expected: string): number[] {
  const words = rest
    .replace(/\s+#.*$/, '')
    .split(/\s+/)
    .filter(Boolean);
  if (words.length < atLeast || words.length > 2 || !words.every((word) => /^\d{1,9}$/.test(word)))
    throw new ScriptError(line, `it is ${expected}`);
  return words.map(Number);
}
