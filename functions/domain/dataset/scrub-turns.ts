import type { ChatTurn, ToolCall } from './chat-turn.ts';
import { addRedactions, scrub } from './scrub.ts';

/** Turns without what the rules found in them, and how often each rule found something. */
export interface ScrubbedTurns {
  readonly turns: readonly ChatTurn[];
  readonly redactions: Readonly<Record<string, number>>;
}

/** Takes further secrets out of a text, such as somebody knows by heart. */
export type Cleaner = (text: string) => string;

/** Deeper than any tool asks for; what lies deeper is scrubbed as one text. */
const MOST_LEVELS = 32;
/** The longest value that its name alone makes a secret. */
const LONGEST_NAMED = 4096;
const MARKER = /^\[REDACTED:[a-z_]+\]$/;

const depthOf = (value: unknown, most: number): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (most === 0) return 1;
  return 1 + Object.values(value).reduce((deepest: number, one) => Math.max(deepest, depthOf(one, most - 1)), 0);
};

const parsed = (json: string): unknown => {
  try {
    const value: unknown = JSON.parse(json);
    return depthOf(value, MOST_LEVELS) > MOST_LEVELS ? undefined : value;
  } catch {
    return undefined;
  }
};

/** Notations in which the name of a value shows that it is a secret. */
const named = (name: string, value: string) => [`${name}: '${value}'`, `${name}=${value}`];

/**
 * Takes secrets and personal data out of all that turns say and ask tools for. Arguments are looked through value by value, for in JSON
 * a text is not as its author wrote it. Doing it twice changes nothing.
 */
export const scrubTurns = (turns: readonly ChatTurn[], clean: Cleaner = (text) => text): ScrubbedTurns => {
  const found: Readonly<Record<string, number>>[] = [];

  const scrubText = (text: string): string => {
    const { text: scrubbed, redactions } = scrub(clean(text));
    found.push(redactions);
    return scrubbed;
  };

  /** A value that is a secret because of its name. */
  const scrubNamed = (name: string, value: string): string => {
    if (value.length > LONGEST_NAMED || MARKER.test(value)) return value;
    for (const text of named(name, value)) {
      const { text: scrubbed, redactions } = scrub(text);
      const [rule] = Object.keys(redactions);
      if (scrubbed === text || rule === undefined) continue;
      found.push({ [rule]: 1 });
      return `[REDACTED:${rule}]`;
    }
    return value;
  };

  const scrubValue = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return scrubNamed(name, scrubText(value));
    if (typeof value === 'number') {
      const scrubbed = scrubText(String(value));
      return scrubbed === String(value) ? value : scrubbed;
    }
    if (Array.isArray(value)) return value.map((one) => scrubValue(one, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        const scrubbed = scrubText(key);
        return [scrubbed, scrubValue(one, scrubbed)];
      }),
    );
  };

  const scrubArguments = (json: string): string => {
    const value = parsed(json);
    return value === undefined ? scrubText(json) : JSON.stringify(scrubValue(value));
  };

  const scrubCall = ({ id, type, function: called }: ToolCall): ToolCall => ({
    ...{ id: scrubText(id), type },
    function: { name: scrubText(called.name), arguments: scrubArguments(called.arguments) },
  });

  const scrubTurn = ({ role, content, tool_calls: calls, tool_call_id: answered }: ChatTurn): ChatTurn => ({
    ...{ role, content: scrubText(content) },
    ...(calls ? { tool_calls: calls.map(scrubCall) } : {}),
    ...(answered === undefined ? {} : { tool_call_id: scrubText(answered) }),
  });

  return { turns: turns.map(scrubTurn), redactions: addRedactions(found) };
};
