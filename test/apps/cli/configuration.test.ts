import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigurationInput, findConnection } from '#apps/cli/configuration';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'iorch-configuration-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (path: string, content: unknown, mode = 0o600) => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(join(home, path), mode);
};
const aStack = () => write('clone/.local/stack.json', { api_url: 'http://local/', keys: { member: 'm', runner: 'r' } });
const aProfile = (mode?: number) =>
  write(
    '.config/iorch/config.json',
    {
      profiles: {
        default: { api_url: 'https://default', api_key: 'd' },
        staging: { api_url: 'https://staging', api_key: 's' },
      },
    },
    mode,
  );
const find = (input: Partial<ConfigurationInput> = {}) =>
  findConnection({
    purpose: 'sessions',
    searchFrom: [join(home, 'clone/src/deep')],
    ...input,
    env: { HOME: home, ...input.env },
  });

const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return;
};

describe('the connection', () => {
  it('comes from the environment before everything else', () => {
    aStack();
    aProfile();
    const env = { IORCH_API_URL: 'https://env/', IORCH_API_KEY: 'e' };
    expect(find({ env })).toEqual({ apiUrl: 'https://env', apiKey: 'e', source: 'IORCH_API_URL' });
  });

  it('comes from the default profile before the local cloud', () => {
    aStack();
    aProfile();
    expect(find()).toMatchObject({ apiUrl: 'https://default', apiKey: 'd' });
  });

  it('comes from the profile that is named', () => {
    aProfile();
    expect(find({ profile: 'staging' })).toMatchObject({
      apiUrl: 'https://staging',
      apiKey: 's',
      source: 'profile staging',
    });
    expect(find({ env: { IORCH_PROFILE: 'staging' } })).toMatchObject({ apiUrl: 'https://staging' });
  });

  it('comes from the local cloud when the profile is called local', () => {
    aStack();
    aProfile();
    expect(find({ profile: 'local' })).toMatchObject({ apiUrl: 'http://local', apiKey: 'm' });
  });

  it('comes from the stack file of a folder above, with the key for the purpose', () => {
    aStack();
    expect(find()).toMatchObject({ apiUrl: 'http://local', apiKey: 'm' });
    expect(find({ purpose: 'runner' })).toMatchObject({ apiKey: 'r' });
  });

  it('names the AWS of the local cloud, and of nothing else', () => {
    const stack = { api_url: 'http://local/', keys: { member: 'm', runner: 'r' } };
    write('clone/.local/stack.json', { ...stack, aws_endpoint_url: 'http://127.0.0.1:4566', region: 'us-east-1' });
    expect(find().aws).toEqual({ endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' });
    expect(find({ env: { IORCH_API_URL: 'https://env', IORCH_API_KEY: 'e' } }).aws).toBeUndefined();
  });

  it('searches the folders in order', () => {
    aStack();
    write('other/.local/stack.json', { api_url: 'http://other', keys: { member: 'x', runner: 'y' } });
    expect(find({ searchFrom: [join(home, 'other'), join(home, 'clone')] })).toMatchObject({ apiUrl: 'http://other' });
    expect(find({ searchFrom: [join(home, 'nowhere'), join(home, 'clone')] })).toMatchObject({
      apiUrl: 'http://local',
    });
  });

  it('takes IORCH_API_KEY alone with the URL that is found', () => {
    aStack();
    expect(find({ env: { IORCH_API_KEY: 'e' } })).toMatchObject({ apiUrl: 'http://local', apiKey: 'e' });
  });

  it('never sends the key of a profile to the URL of the environment', () => {
    aProfile();
    expect(refusal(() => find({ env: { IORCH_API_URL: 'https://env' } }))).toMatchObject({ code: 2 });
  });

  it.each([0o644, 0o640, 0o602])('is refused from a profile file of mode %o', (mode) => {
    aProfile(mode);
    expect(refusal(() => find())).toMatchObject({ code: 2, remedy: expect.stringContaining('chmod 600') });
  });

  it('is refused when the named profile does not exist', () => {
    aProfile();
    expect(refusal(() => find({ profile: 'prod' }))).toMatchObject({ remedy: 'It has: default, staging.' });
  });

  it('is refused with what is wrong when a file is not understood', () => {
    write('.config/iorch/config.json', '{"profiles": {"default": {"api_url": "ftp://x"}}}');
    expect(refusal(() => find())).toMatchObject({ message: expect.stringMatching(/api_url[\s\S]*api_key|api_key/) });
  });

  it('is refused with a remedy when nothing is configured', () => {
    expect(refusal(() => find())).toMatchObject({ code: 2, remedy: expect.stringContaining('npm start') });
  });
});
