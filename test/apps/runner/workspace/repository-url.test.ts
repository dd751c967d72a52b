import { describe, expect, it } from 'vitest';
import { remoteOf } from '#apps/runner/workspace/repository-url';

const refusal = { code: 'REPOSITORY_REFUSED', retryable: false };
const thrownBy = (url: string, allows = true) => {
  try {
    return remoteOf(url, allows);
  } catch (error) {
    return error;
  }
};

describe('the address of a repository', () => {
  it.each([
    'https://git.example/a.git',
    'ssh://git@git.example/a.git',
    'git://git.example/a',
    'git@git.example:a/b.git',
  ])('is taken as it is: %s', (url) => {
    expect(remoteOf(url, false)).toBe(url);
  });

  it.each([
    'https://user:pass@git.example/a.git',
    'https://token@git.example/a.git',
    'ssh://git:pass@git.example/a.git',
    'ftp://git.example/a',
    'ext::sh -c id',
    '--upload-pack=id',
    '/home/me/a',
    'file://elsewhere/a',
  ])('is refused: %s', (url) => {
    expect(thrownBy(url)).toMatchObject(refusal);
  });

  it('may be a file URL only where the runner allows it, and then is a path', () => {
    expect(remoteOf('file:///home/me/my%20project', true)).toBe('/home/me/my project');
    expect(thrownBy('file:///home/me/project', false)).toMatchObject(refusal);
  });
});
