import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

const requirements = 'scripts/local/requirements.txt';

/** What `.local/python.json` says: how to start the emulator's Python, and of which requirements its packages are. */
const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

/** Installs the emulator's pinned Python packages below `.local` unless exactly those are there already. */
export async function installEmulatorPackages(root, python, remark) {
  const marker = join(root, '.local/python.json');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, requirements)))
    .digest('hex');
  const present = read(marker);
  if (present.requirements === wanted && existsSync(present.command)) return remark('unchanged');

  rmSync(marker, { force: true });
  const venv = join(root, '.local/venv');
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(join(root, '.local'), { recursive: true, mode: 0o700 });
  const run = (command, args) =>
    runProgram(command, args, {
      log: join(root, '.local/logs/python.log'),
      remedy: 'Check the connection to the Python package index and run this command again.',
    });
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '-r', join(root, requirements)];
  const ready = python.hasVenv
    ? { command: join(venv, 'bin/python'), modules: null }
    : { command: python.executable, modules: venv };
  if (python.hasVenv) await run(python.executable, ['-m', 'venv', venv]);
  await run(ready.command, python.hasVenv ? pip : [...pip, '--target', venv]);
  writeFileSync(marker, `${JSON.stringify({ ...ready, requirements: wanted }, null, 2)}\n`);
}
