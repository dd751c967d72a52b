import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '#scripts/local/cloud-folder';

const { findPython, requireCommands, requireSystem } = await import(
  join(projectRoot, 'scripts/local/required-tools.mjs')
);

let folder: string;

const program = (name: string, ...lines: string[]) => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}\n`);
  chmodSync(file, 0o755);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  vi.stubEnv('PATH', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the system', () => {
  it('may have any Node from 20 on', () => {
    expect(() => requireSystem({ platform: 'linux', node: '20.0.0' })).not.toThrow();
    expect(() => requireSystem({ platform: 'darwin', node: '26.1.0' })).not.toThrow();
  });

  it('is told which Node to install when its own is too old', () => {
    expect(() => requireSystem({ platform: 'linux', node: '18.20.4' })).toThrow(
      'Node 18.20.4 is too old: install Node 20 or newer',
    );
  });

  it('is told to use WSL when it is Windows', () => {
    expect(() => requireSystem({ platform: 'win32', node: '24.0.0' })).toThrow('run this command inside WSL 2');
  });
});

describe('the commands', () => {
  it('are accepted when all are there', () => {
    program('npm', '10.9.0');
    program('git', 'git version 2.40.0');
    expect(() => requireCommands()).not.toThrow();
  });

  it.each([
    ['npm', 'git'],
    ['git', 'npm'],
  ])('are refused in one sentence without %s', (missing, present) => {
    program(present, '1.0.0');
    expect(() => requireCommands()).toThrow(
      new RegExp(`^${missing} was not found: install it .* and run this command again\\.$`),
    );
  });
});

describe('Python', () => {
  it('is the first one that is new enough', () => {
    program('python3', '3.9', 'True', 'True', '/old/python3');
    program('python3.12', '3.12', 'True', 'True', '/new/python3.12');
    expect(findPython()).toEqual({ executable: '/new/python3.12', version: '3.12', hasVenv: true });
  });

  it('is used without an environment of its own where it has only pip', () => {
    program('python3', '3.10', 'False', 'True', '/usr/bin/python3');
    expect(findPython()).toEqual({ executable: '/usr/bin/python3', version: '3.10', hasVenv: false });
  });

  it('is refused when nothing can be installed with it', () => {
    program('python3', '3.11', 'False', 'False', '/usr/bin/python3');
    expect(() => findPython()).toThrow('apt install python3-venv');
  });

  it('is refused with the version found when it is too old', () => {
    program('python3', '3.8', 'True', 'True', '/usr/bin/python3');
    expect(() => findPython()).toThrow('Python 3.8 is too old: install Python 3.10 or newer');
  });

  it('has to be newer for some programs', () => {
    program('python3', '3.10', 'True', 'True', '/usr/bin/python3');
    expect(() => findPython([3, 11])).toThrow('Python 3.10 is too old: install Python 3.11 or newer');
  });

  it('is asked for when there is none', () => {
    expect(() => findPython()).toThrow('Python was not found: install Python 3.10 or newer');
  });
});
