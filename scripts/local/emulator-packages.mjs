import { installPythonPackages } from './python-packages.mjs';

const emulator = {
  requirements: ['scripts/local/requirements.txt'],
  folder: 'venv',
  marker: 'python.json',
  log: 'python.log',
};

/** Installs the emulator's pinned Python packages below `.local` unless exactly those are there already. */
export async function installEmulatorPackages(root, python, remark) {
  await installPythonPackages(root, python, emulator, remark);
}
