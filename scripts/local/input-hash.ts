import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the deployed stacks are made from. A path that does not exist counts as empty. */
export const deploymentInputs = [
  'bin',
  'lib',
  'functions',
  'state-machines',
  'docs/openapi.json',
  'scripts/build-functions.ts',
  'scripts/bundling',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
] as const;

const filesBelow = (root: string, path: string): string[] => {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
};

/** Changes when a file below `paths` is added, removed, renamed or changed; not with time or place. 64 hexadecimal digits. */
export const inputHash = (root: string, paths: readonly string[]): string => {
  const hash = createHash('sha256');
  const files = [...new Set(paths.flatMap((path) => filesBelow(root, path)))].sort();
  for (const file of files) {
    const content = createHash('sha256')
      .update(readFileSync(join(root, file)))
      .digest('hex');
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest('hex');
};
