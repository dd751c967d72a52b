import { afterEach, describe, expect, it, vi } from 'vitest';
import { cdkEnvironment, localAws } from '#scripts/local/local-aws';

afterEach(() => vi.unstubAllEnvs());

describe('the AWS of a script', () => {
  it.each(['https://dynamodb.us-east-1.amazonaws.com', 'http://127.0.0.1.example.com:4566', 'nonsense', ''])(
    'is refused when it is not on this machine: "%s"',
    (endpoint) => {
      expect(() => localAws(endpoint)).toThrow('this machine only');
      expect(() => cdkEnvironment(endpoint, '/home')).toThrow('this machine only');
    },
  );

  it('is reached with made up credentials', () => {
    const { credentials, endpoint } = localAws('http://127.0.0.1:4566');
    expect({ credentials, endpoint }).toEqual({
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: 'http://127.0.0.1:4566',
    });
  });

  it('gives the CDK nothing of the user that leads to a real account', () => {
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])
      vi.stubEnv(name, 'real');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'real');
    vi.stubEnv('AWS_ENDPOINT_URL', 'https://real.example.com');
    const environment = cdkEnvironment('http://127.0.0.1:4566', '/private/home');
    expect(Object.values(environment)).not.toContain('real');
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      HOME: '/private/home',
      AWS_CONFIG_FILE: '/dev/null',
    });
  });
});
