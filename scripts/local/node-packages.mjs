import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';
import { runProgram } from './run-program.mjs';

const ownNode = 'node_modules/.bin/node';

/** npm writes the hidden lock file last, so a half-finished installation has none. */
function isInstalled(root) {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden) || !existsSync(join(root, ownNode))) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const present = packagesOf(hidden);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional && !present[path]),
  );
}

/** Installs what the lock file names unless exactly that is there already. Throws a Problem when the project's Node is missing afterwards. */
export async function installNodePackages(root, remark) {
  if (isInstalled(root)) return remark('unchanged');
  await runProgram(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--ignore-scripts=false', '--no-audit', '--no-fund'],
    {
      cwd: root,
      log: join(root, '.local/logs/npm-ci.log'),
      remedy: 'Check the connection to the npm registry and run this command again.',
    },
  );
  const { stdout } = spawnSync(join(root, ownNode), ['--version'], { encoding: 'utf8' });
  if (!stdout?.startsWith('v24.')) {
    throw new Problem(
      `${ownNode} is not Node 24: allow the install script of the npm package "node", delete node_modules and run this command again.`,
    );
  }
}
