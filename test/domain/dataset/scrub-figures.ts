import { scrub } from '#domain/dataset/scrub';
import { SCRUB_RULES } from '#domain/dataset/scrub-rules';
import { scrubCases } from './scrub-cases.ts';
import { harmless, unknownShapes } from './scrub-corpus.ts';

const secrets = [...scrubCases, ...unknownShapes.map(({ example }) => example)].flatMap(({ rule, text, hides }) =>
  hides === undefined ? [] : [{ rule, text, hides }],
);
const nearMisses = scrubCases.flatMap(({ text, hides }) => (hides === undefined ? [text] : []));
const plain = [...nearMisses, ...harmless.map(({ example }) => example)];

const isFound = ({ text, hides }: { text: string; hides: string }) => !scrub(text).text.includes(hides);
const isTakenBy = (rule: string) => (text: string) => (scrub(text).redactions[rule] ?? 0) > 0;
const isTaken = (text: string) => scrub(text).text !== text;

export interface Figures {
  readonly rule: string;
  /** Secrets of its kind, and how many of them are gone afterwards, whichever rule took them. */
  readonly secrets: number;
  readonly found: number;
  /** Harmless texts that it took something out of, and texts with a secret that it did. */
  readonly mistaken: number;
  readonly right: number;
}

export const recallOf = ({ found, secrets: all }: Figures) => found / all;
export const precisionOf = ({ right, mistaken }: Figures) => right / (right + mistaken);

/** How well each rule does on the table of cases. */
export const figuresByRule: readonly Figures[] = SCRUB_RULES.map(({ name }) => {
  const own = secrets.filter(({ rule }) => rule === name);
  return {
    rule: name,
    secrets: own.length,
    found: own.filter(isFound).length,
    mistaken: plain.filter(isTakenBy(name)).length,
    right: secrets.filter(({ text }) => isTakenBy(name)(text)).length,
  };
});

const found = secrets.filter(isFound).length;
/** How well all rules together do. */
export const overall: Figures = {
  rule: 'all',
  secrets: secrets.length,
  found,
  mistaken: plain.filter(isTaken).length,
  right: found,
};
export const harmlessCount = plain.length;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const row = (figures: Figures) =>
  `| ${[figures.rule, figures.secrets, figures.found, percent(recallOf(figures)), figures.mistaken, percent(precisionOf(figures))].join(' | ')} |`;
const listed = (labels: readonly { readonly what: string }[]) => labels.map(({ what }) => `- ${what}`).join('\n');

/** docs/scrubbing.md as it is computed from the table of cases. */
export const scrubbingDocument = `# Scrubbing: what it finds, and what it takes by mistake

Secrets and personal data are taken out of every sample of a dataset before it is hashed, counted and written: each match of a rule becomes \`[REDACTED:<rule>]\`.
The figures are those of a table of cases in \`test/domain/dataset\`: ${overall.secrets} texts with a secret, ${harmlessCount} that look like one or have nothing to hide.
They say how the rules do on shapes that people chose, not how often such shapes occur in your sessions. A test compares this page with what the rules do.

*recall*: secrets of the kind that were gone afterwards. *precision*: of the texts that the rule took something out of, those that held a secret.

| rule | secrets | found | recall | harmless texts taken | precision |
|---|---|---|---|---|---|
${[...figuresByRule, overall].map(row).join('\n')}

A sample with more than 20 replacements is left out. What is taken by mistake costs a few words of a sample; what is missed stays in it, so look through
\`iorch train dataset items\` before files leave your account, tag sessions with \`no-training\` that must not be learned from, and keep secrets out of prompts.

## Not found

${listed(unknownShapes.filter(({ example }) => example.hides !== undefined && scrub(example.text).text.includes(example.hides)))}

## Taken although harmless

${listed(harmless.filter(({ example }) => isTaken(example)))}
`;
