import { SCRUB_RULES } from './scrub-rules.ts';

/** A text without what the rules found in it, and how often each rule found something. */
export interface Scrubbed {
  readonly text: string;
  readonly redactions: Readonly<Record<string, number>>;
}

/** A marker may make what stands around it look like a secret once more; no text needs as many passes. */
const MOST_PASSES = 10;

/** Takes secrets and personal data out of a text. Doing it twice changes nothing. Time grows with the length of the text, no faster. */
export const scrub = (text: string): Scrubbed => {
  const redactions: Record<string, number> = {};
  const pass = (before: string) =>
    SCRUB_RULES.reduce(
      (cleaned, { name, apply }) =>
        apply(cleaned, () => {
          redactions[name] = (redactions[name] ?? 0) + 1;
        }),
      before,
    );
  let before = text;
  let after = pass(before);
  for (let passes = 1; after !== before && passes < MOST_PASSES; passes++) {
    before = after;
    after = pass(before);
  }
  return { text: after, redactions };
};

const MARKER = /\[REDACTED:([a-z_]+)\]/g;
const RULE_NAMES: ReadonlySet<string> = new Set(SCRUB_RULES.map(({ name }) => name));

/** The replacements that stand in a text, whoever made them, by rule. */
export const replacementsIn = (text: string): Readonly<Record<string, number>> =>
  addRedactions(
    [...text.matchAll(MARKER)].flatMap(({ 1: name }) => (name && RULE_NAMES.has(name) ? [{ [name]: 1 }] : [])),
  );

/** Replacements by rule, added up. */
export const addRedactions = (all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((redactions) => Object.entries(redactions)))
    sums[name] = (sums[name] ?? 0) + count;
  return sums;
};

/** How many replacements there were, whatever the rule. */
export const redactionCount = (redactions: Readonly<Record<string, number>>): number =>
  Object.values(redactions).reduce((sum, count) => sum + count, 0);
