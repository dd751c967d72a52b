import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { projectRoot } from '#scripts/local/cloud-folder';
import { run, temporaryFolder } from './work.ts';

const iorch = (...args: string[]) => {
  const { stack } = inject('cloud');
  return run(process.execPath, [join(projectRoot, 'apps/cli/bin/iorch.mjs'), ...args], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      HOME: temporaryFolder(),
      IORCH_API_URL: stack.api_url,
      IORCH_API_KEY: stack.keys.member,
    },
  });
};

describe('the command that npm start prints', () => {
  it('runs a session to its end and shows what changed', async () => {
    const repository = inject('cloud').stack.sample_repository;
    const request = ['--prompt-file', 'examples/hello.md', '--repo', repository, '--verify', 'npm test'];
    const { stdout } = await iorch('run', ...request, '--push', '--watch');
    expect(stdout).toContain('completed');
    expect(stdout).toContain('src/farewell.js');

    const id = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(stdout)?.[0] ?? '';
    const list = await iorch('session', 'list', '--json');
    expect(JSON.parse(list.stdout).items).toContainEqual(expect.objectContaining({ id, status: 'completed' }));
    expect((await iorch('session', 'diff', id)).stdout).toContain('+++ b/src/farewell.js');
  });
});
