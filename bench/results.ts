import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Findings } from './section.ts';

const FILE = path.join(import.meta.dirname, 'results.json');

/** The newest findings of each section. */
export type Results = Readonly<Record<string, Findings & { readonly measured_on: string }>>;

/** What was found last, by section; a section that never ran is missing. */
export const readResults = (): Results => JSON.parse(readFileSync(FILE, 'utf8'));

/** Adds findings of today to the ones that are checked in. */
export const keepFindings = (id: string, findings: Findings): Results => {
  const results = { ...readResults(), [id]: { measured_on: new Date().toISOString().slice(0, 10), ...findings } };
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
  return results;
};
