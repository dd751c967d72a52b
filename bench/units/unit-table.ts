import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Units } from './operations.ts';

const FILE = path.join(import.meta.dirname, '../units.json');

/** The checked-in table. */
export const unitTable = (): Units => JSON.parse(readFileSync(FILE, 'utf8'));

/** Checks a newly measured table in. */
export const writeUnitTable = (units: Units): void => writeFileSync(FILE, `${JSON.stringify(units, null, 2)}\n`);

/** What operations consumed otherwise than the table says, one line each. */
export const differences = (measured: Units, table: Units): readonly string[] => {
  const now = { ...measured.operations, 'whole plain session': measured.plain_session };
  const before: typeof now = { ...table.operations, 'whole plain session': table.plain_session };
  const names = new Set([...Object.keys(before), ...Object.keys(now)]) as ReadonlySet<keyof typeof now>;
  return [...names].flatMap((name) => {
    const [was, is] = [before[name], now[name]].map((one) => (one === undefined ? 'nothing' : JSON.stringify(one)));
    return was === is ? [] : [`${name}: the table says ${was}, the engine counted ${is}`];
  });
};
