// Holds the adapter of SageMaker's model registry against moto, in a Python environment of its own below `.local`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Problem, showFailure } from './local/problem.mjs';
import { installPythonPackages } from './local/python-packages.mjs';
import { findPython, requireSystem } from './local/required-tools.mjs';
import { step } from './local/step.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = {
  requirements: ['scripts/moto-requirements.txt'],
  folder: 'moto-venv',
  marker: 'moto-python.json',
  log: 'moto-python.log',
};
const patienceMs = 30_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const isUp = (url) =>
  fetch(`${url}/moto-api/`).then(
    (answer) => answer.ok,
    () => false,
  );

/** Starts moto and waits until it answers. */
async function startMoto({ command, modules }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(command, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, ...(modules && { PYTHONPATH: modules }) },
  });
  child.on('error', () => undefined);
  const deadline = Date.now() + patienceMs;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      child.kill();
      throw new Problem(`moto did not start: see what ${command} -m moto.server -p ${port} says.`);
    }
    await sleep(100);
  }
  return { url, child };
}

async function runTests(url) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(join(root, 'node_modules/.bin/node'), [vitest, 'run', '--project', 'moto'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MOTO_URL: url },
  });
  const [code] = await once(child, 'close');
  return code ?? 1;
}

try {
  requireSystem();
  const python = findPython();
  const ready = await step('moto (140 MB, once)', (remark) => installPythonPackages(root, python, packages, remark));
  const { url, child } = await startMoto(ready);
  try {
    process.exitCode = await runTests(url);
  } finally {
    child.kill();
  }
} catch (error) {
  showFailure(error);
  process.exitCode = 1;
}
