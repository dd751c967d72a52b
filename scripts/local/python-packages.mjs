import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** What the marker says: how to start the Python, and of which requirements its packages are. */
const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

const digestOf = (files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
};

/**
 * Installs pinned Python packages into a folder below `.local` unless exactly those are there already.
 * Resolves to `{command, modules}`: the Python to start, and the folder it shall look into besides, if any.
 */
export async function installPythonPackages(root, python, { requirements, folder, marker, log }, remark) {
  const state = join(root, '.local', marker);
  const files = requirements.map((file) => join(root, file));
  const wanted = digestOf(files);
  const present = read(state);
  if (present.requirements === wanted && existsSync(present.command)) {
    remark('unchanged');
    return { command: present.command, modules: present.modules };
  }

  rmSync(state, { force: true });
  const venv = join(root, '.local', folder);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(join(root, '.local'), { recursive: true, mode: 0o700 });
  const run = (command, args) =>
    runProgram(command, args, {
      log: join(root, '.local/logs', log),
      remedy: 'Check the connection to the Python package index and run this command again.',
    });
  const named = files.flatMap((file) => ['-r', file]);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...named];
  const ready = python.hasVenv
    ? { command: join(venv, 'bin/python'), modules: null }
    : { command: python.executable, modules: venv };
  if (python.hasVenv) await run(python.executable, ['-m', 'venv', venv]);
  await run(ready.command, python.hasVenv ? pip : [...pip, '--target', venv]);
  writeFileSync(state, `${JSON.stringify({ ...ready, requirements: wanted }, null, 2)}\n`);
  return ready;
}
