// Tests the training program with a tiny model on the CPU, in a Python environment of its own below `.local`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem, showFailure } from './local/problem.mjs';
import { installPythonPackages } from './local/python-packages.mjs';
import { findPython, requireSystem } from './local/required-tools.mjs';
import { step } from './local/step.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = {
  requirements: ['training/requirements.txt', 'training/requirements-test.txt'],
  folder: 'training-venv',
  marker: 'training-python.json',
  log: 'training-python.log',
};

/** The Python to test with: the one that the user names, or one with exactly the pinned packages. */
async function trainingPython() {
  const named = process.env.IORCH_TRAINING_PYTHON;
  if (named) return { command: named, modules: null };
  requireSystem();
  const python = findPython([3, 11]);
  return step('Training packages (GBs, once)', (remark) => installPythonPackages(root, python, packages, remark));
}

const runTests = ({ command, modules }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, ['-m', 'pytest', ...process.argv.slice(2)], {
      cwd: join(root, 'training'),
      stdio: 'inherit',
      // a tiny model gains nothing from more threads
      env: { ...process.env, OMP_NUM_THREADS: '1', ...(modules && { PYTHONPATH: modules }) },
    });
    child.on('error', (error) => reject(new Problem(`${command} cannot be started: ${error.message}`)));
    child.on('close', (code) => resolve(code ?? 1));
  });

try {
  process.exitCode = await runTests(await trainingPython());
} catch (error) {
  showFailure(error);
  process.exitCode = 1;
}
