import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const files: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'sample', version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# Sample\n\nA small project for coding sessions to work on. `npm test` runs its tests.\n',
  'src/greet.js': "export const greet = (name) => 'Hello, ' + name;\n",
  'test/greet.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greet.js';

test('greets by name', () => {
  assert.equal(greet('Ada'), 'Hello, Ada');
});
`,
};

/** git without the user's configuration, hooks and templates. */
const gitEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Sample',
  GIT_AUTHOR_EMAIL: 'sample@localhost',
  GIT_COMMITTER_NAME: 'Sample',
  GIT_COMMITTER_EMAIL: 'sample@localhost',
});

/** Makes a git repository of `content` (path → text) with one commit on `main`; in place only when it is whole. */
export const makeRepository = async (path: string, content: Readonly<Record<string, string>>): Promise<void> => {
  const draft = `${path}.draft`;
  rmSync(draft, { recursive: true, force: true });
  for (const [name, text] of Object.entries(content)) {
    mkdirSync(dirname(join(draft, name)), { recursive: true });
    writeFileSync(join(draft, name), text);
  }
  const git = (...args: string[]) => run('git', args, { cwd: draft, env: gitEnvironment() });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'feat: greet by name');
  renameSync(draft, path);
};

/** Makes the repository that the first session works on, unless it is there. */
export const makeSampleRepository = async (path: string, remark: (text: string) => void): Promise<void> => {
  if (existsSync(join(path, '.git'))) return remark('unchanged');
  rmSync(path, { recursive: true, force: true });
  await makeRepository(path, files);
};
