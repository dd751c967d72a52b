import { spawnSync } from 'node:child_process';
import { Problem } from './problem.mjs';

const leastNode = [20, 0];
const leastPython = [3, 10];
const pythonNames = ['python3', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`), 'python'];

const pythonProbe = `
import sys
from importlib.util import find_spec
has = lambda *names: all(find_spec(name) for name in names)
print('%d.%d' % sys.version_info[:2], has('venv', 'ensurepip'), has('pip'), sys.executable, sep='\\n')`;

/** What a program prints, or undefined when it is missing or fails. */
function answerOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout.trim() : undefined;
}

const isAtLeast = (version, [major, minor]) => {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
};

/** Throws a Problem when the system cannot run the local cloud at all. */
export function requireSystem({ platform = process.platform, node = process.versions.node } = {}) {
  if (platform === 'win32') {
    throw new Problem('Windows itself is not supported: run this command inside WSL 2.');
  }
  if (!isAtLeast(node, leastNode)) {
    throw new Problem(
      `Node ${node} is too old: install Node ${leastNode[0]} or newer from https://nodejs.org and run this command again.`,
    );
  }
}

/** Throws a Problem that names the first missing command. */
export function requireCommands() {
  if (!answerOf('npm', ['--version'])) {
    throw new Problem(
      'npm was not found: install it together with Node from https://nodejs.org and run this command again.',
    );
  }
  if (!answerOf('git', ['--version'])) {
    throw new Problem('git was not found: install it (https://git-scm.com/downloads) and run this command again.');
  }
}

/**
 * The first Python that is new enough, and how packages get into it: an environment of its own, or a folder filled by pip.
 * Throws a Problem when there is none.
 */
export function findPython(least = leastPython) {
  const found = [];
  for (const name of pythonNames) {
    const [version, hasVenv, hasPip, executable] = answerOf(name, ['-c', pythonProbe])?.split('\n') ?? [];
    if (!version) continue;
    found.push(version);
    if (!isAtLeast(version, least)) continue;
    if (hasVenv === 'True') return { executable, version, hasVenv: true };
    if (hasPip === 'True') return { executable, version, hasVenv: false };
    throw new Problem(
      `Python ${version} has neither venv nor pip: install them (on Debian and Ubuntu: apt install python3-venv) and run this command again.`,
    );
  }
  const wanted = least.join('.');
  throw new Problem(
    found.length > 0
      ? `Python ${found[0]} is too old: install Python ${wanted} or newer from https://www.python.org and run this command again.`
      : `Python was not found: install Python ${wanted} or newer from https://www.python.org and run this command again.`,
  );
}
