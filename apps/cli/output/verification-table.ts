import type { VerificationOutcome } from '#contracts/session-result';
import { duration } from './quantities.ts';
import { table } from './table.ts';
import { oneLine } from './visible.ts';

const shownLines = 15;

/** What the verification commands said; of those that failed the end of their output. */
export const verificationTable = (outcomes: readonly VerificationOutcome[]): string => {
  const rows = table(
    [
      { title: 'VERIFICATION', of: ({ name }) => name },
      { title: 'RESULT', of: resultOf },
      { title: 'TIME', of: ({ duration_ms }) => duration(duration_ms), align: 'right' },
      { title: 'WEIGHT', of: ({ weight }) => String(weight), align: 'right' },
    ],
    outcomes,
  );
  const failures = outcomes.filter(({ passed, output }) => !passed && output.trim() !== '');
  return [rows, ...failures.map(({ name, output }) => `\n${oneLine(name)}:\n${endOf(output)}`)].join('\n');
};

const resultOf = ({ passed, exit_code }: VerificationOutcome) => {
  if (passed) return 'passed';
  return exit_code === null ? 'failed (ended by a signal or its time limit)' : `failed (exit ${exit_code})`;
};

const endOf = (output: string) =>
  output
    .trimEnd()
    .split('\n')
    .slice(-shownLines)
    .map((line) => `  ${line}`)
    .join('\n');
