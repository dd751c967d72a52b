import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The local cloud's `.local/stack.json` in one of these folders or above it; the first found. */
export const findStackFile = (searchFrom: readonly string[]): string | undefined =>
  searchFrom
    .flatMap((folder) => [...upwards(resolve(folder))])
    .map((folder) => join(folder, '.local', 'stack.json'))
    .find((path) => existsSync(path));

function* upwards(folder: string): Generator<string> {
  yield folder;
  if (dirname(folder) !== folder) yield* upwards(dirname(folder));
}
