import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installEmulatorPackages } from './emulator-packages.mjs';
import { installNodePackages } from './node-packages.mjs';
import { showFailure } from './problem.mjs';
import { findPython, requireCommands, requireSystem } from './required-tools.mjs';
import { step } from './step.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function prepare({ python: isPythonNeeded }) {
  requireSystem();
  const python = await step('Tools', (remark) => {
    requireCommands();
    const found = isPythonNeeded ? findPython() : undefined;
    remark([`Node ${process.versions.node}`, 'npm', 'git', ...(found ? [`Python ${found.version}`] : [])].join(', '));
    return found;
  });
  await step('npm packages', (remark) => installNodePackages(root, remark));
  if (python) await step('Local cloud packages', (remark) => installEmulatorPackages(root, python, remark));
}

/** Runs a TypeScript program of this project under its own Node; resolves to its exit code. */
function runUnderOwnNode(program) {
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, program), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  // A terminal sends its interrupt to both processes; the program decides when the end has come.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal) process.stderr.write('\nInterrupted: the same command goes on from here, npm stop ends what runs.\n');
      resolve(code ?? 1);
    });
  });
}

/** Checks the tools, installs what is missing or has changed, and goes on with `program`. Resolves to the exit code. */
export async function goOnWith(program, needs) {
  try {
    await prepare(needs);
    return await runUnderOwnNode(program);
  } catch (error) {
    showFailure(error);
    return 1;
  }
}
