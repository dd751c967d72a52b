import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'iorch-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const settings = [
  'user.name=Origin',
  'user.email=origin@localhost',
  'commit.gpgsign=false',
  'core.hooksPath=/dev/null',
];

/** Runs git in a folder, independent of the user's configuration. */
export const gitIn = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** Writes files, making the folders between. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

/** A repository with one commit on `main`. */
export function anOrigin(
  files: Readonly<Record<string, string | Buffer>> = { 'README.md': '# Origin\n' },
  folder = temporaryFolder(),
) {
  gitIn(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, files);
  const commit = (message: string) => {
    gitIn(folder, 'add', '--all');
    gitIn(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
    return gitIn(folder, 'rev-parse', 'HEAD');
  };
  return { folder, url: pathToFileURL(folder).href, first: commit('first'), commit };
}
