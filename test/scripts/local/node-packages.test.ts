import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '#scripts/local/cloud-folder';

const { installNodePackages } = await import(join(projectRoot, 'scripts/local/node-packages.mjs'));

let root: string;

const write = (path: string, content: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), 0o755);
};

const locked = {
  '': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7' },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
};
const installed = { 'node_modules/zod': { version: '4.6.7' } };

/** An installation with these packages, and an npm that only notes that it was called. */
const installation = (packages: object | undefined, node = 'v24.1.0') => {
  write('package-lock.json', JSON.stringify({ packages: locked }));
  if (packages) write('node_modules/.package-lock.json', JSON.stringify({ packages }));
  write('node_modules/.bin/node', `#!/bin/sh\necho ${node}\n`);
  write('bin/npm', `#!/bin/sh\necho "$@" > '${join(root, 'npm-called')}'\n`);
  vi.stubEnv('PATH', `${join(root, 'bin')}:/usr/bin:/bin`);
};

const install = async () => {
  const remarks: string[] = [];
  await installNodePackages(root, (remark: string) => remarks.push(remark));
  return { remarks, npmWasCalled: existsSync(join(root, 'npm-called')) };
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'packages-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

describe('the npm packages', () => {
  it('are left alone when they are what the lock file names', async () => {
    installation(installed);
    expect(await install()).toEqual({ remarks: ['unchanged'], npmWasCalled: false });
  });

  it.each([
    ['there are none', undefined],
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { version: '4.6.6' } }],
    ['an optional one has another version', { ...installed, 'node_modules/other-platform': { version: '0.9.0' } }],
  ])('are installed when %s', async (_, packages) => {
    installation(packages);
    expect(await install()).toEqual({ remarks: [], npmWasCalled: true });
  });

  it('are refused in one sentence when the Node among them is not 24', async () => {
    installation(undefined, 'v20.0.0');
    await expect(install()).rejects.toThrow('is not Node 24: allow the install script');
  });
});
