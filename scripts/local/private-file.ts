import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes JSON that only its owner can read, whole or not at all. */
export const writePrivateJson = (file: string, value: unknown): void => {
  const draft = `${file}.${process.pid}.draft`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
};

/** What `parse` makes of a JSON file; undefined when the file is missing or is not what it should be. */
export const readJson = <T>(file: string, parse: (value: unknown) => T): T | undefined => {
  try {
    return parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
};
