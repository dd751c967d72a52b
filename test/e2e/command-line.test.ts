import { describe, expect, inject, it } from 'vitest';
import { iorchWith } from './work.ts';

const iorch = (...args: string[]) => iorchWith(inject('cloud').stack.keys.member, ...args);

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
