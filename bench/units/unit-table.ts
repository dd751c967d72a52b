import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrainingUnits } from '#bench/fine-tuning/measure';
import type { Consumption } from './meter.ts';
import type { Units } from './operations.ts';

const fileOf = (name: string) => path.join(import.meta.dirname, `../${name}.json`);

/** Units that are checked in. */
const tableIn = <Table>(name: string) => ({
  read: (): Table => JSON.parse(readFileSync(fileOf(name), 'utf8')),
  write: (table: Table): void => writeFileSync(fileOf(name), `${JSON.stringify(table, null, 2)}\n`),
});

/** Of sessions. */
export const unitTable = tableIn<Units>('units');
/** Of fine-tuning. */
export const trainingUnitTable = tableIn<TrainingUnits>('training-units');

type Rows = Readonly<Record<string, Consumption>>;

/** Every figure of a table by its name. */
export const rowsOf = ({ operations, plain_session }: Units): Rows => ({
  ...operations,
  'whole plain session': plain_session,
});

/** What operations consumed otherwise than the table says, one line each. */
export const differences = (now: Rows, before: Rows): readonly string[] => {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    const [was, is] = [before[name], now[name]].map((one) => (one === undefined ? 'nothing' : JSON.stringify(one)));
    return was === is ? [] : [`${name}: the table says ${was}, the engine counted ${is}`];
  });
};
