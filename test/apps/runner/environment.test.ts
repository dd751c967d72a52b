import { describe, expect, it } from 'vitest';
import { reducedEnvironment } from '#apps/runner/environment';

describe('the reduced environment', () => {
  it('keeps what tools need and gives a home of its own', () => {
    const source = { PATH: '/bin', LANG: 'C', LC_ALL: 'C', HTTPS_PROXY: 'http://proxy:3128', HOME: '/home/me' };
    expect(reducedEnvironment(source, '/home/agent')).toEqual({ ...source, HOME: '/home/agent' });
  });

  it('has no token, no cloud credentials, no address of the control plane and nothing else that is not known', () => {
    const source = {
      IORCH_API_KEY: 'iorch_live_x',
      IORCH_API_URL: 'https://api',
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_PROFILE: 'prod',
      ANTHROPIC_API_KEY: 'sk-ant',
      GITHUB_TOKEN: 'ghp',
      SSH_AUTH_SOCK: '/tmp/agent',
      ANYTHING: '1',
    };
    expect(reducedEnvironment(source, '/h')).toEqual({ HOME: '/h' });
  });

  it('leaves out a known variable that carries a password', () => {
    expect(reducedEnvironment({ HTTPS_PROXY: 'http://me:secret@proxy:3128' }, '/h')).toEqual({ HOME: '/h' });
  });
});
