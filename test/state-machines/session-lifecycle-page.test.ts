import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMachine } from '#test/support/asl-runner/definition';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const page = read('state-machines/session-lifecycle.md');
const machine = readMachine(read('state-machines/session-lifecycle.asl.json'));

/** The first cells of the table whose head begins so. */
const rowsOf = (head: string) => {
  const [, table = ''] = page.split(`| ${head} |`);
  const [rows = ''] = table.split('\n\n');
  return rows.split('\n').flatMap((row) => /^\| ([^-|][^|]*?) \|/.exec(row)?.[1] ?? []);
};

/** Codes in capitals that a source file has as text. */
const codesIn = (file: string) => [...read(file).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code);

const fails = Object.values(machine.States).filter(({ Type }) => Type === 'Fail');

describe('the page beside the state machine', () => {
  it('explains every state, and no other', () => {
    const explained = rowsOf('state');
    expect([...explained].sort()).toEqual(Object.keys(machine.States).sort());
  });

  it('explains every error that a red execution can carry', () => {
    const fixed = fails.flatMap(({ Error: error = '' }) => (error.startsWith('{%') ? [] : [error]));
    const codes = [
      'functions/domain/session/outcome.ts',
      'functions/domain/session/retry-attempt.ts',
      'apps/runner/run-failure.ts',
    ].flatMap(codesIn);
    expect(codes).toContain('VERIFICATION_FAILED');
    const explained = rowsOf('error').join();
    for (const code of new Set([...fixed, ...codes])) expect(explained).toContain(`\`${code}\``);
  });

  it('says what every end looks like in the console', () => {
    const ends = Object.entries(machine.States).flatMap(([name, { Type }]) =>
      Type === 'Succeed' || Type === 'Fail' ? [name] : [],
    );
    for (const name of ends) expect(page).toContain(`**${name}**`);
  });
});
