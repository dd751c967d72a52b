import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { makeSecretReader } from '#adapters/secrets-manager/secrets-manager-secrets';
import { aRecordingClient } from '#test/support/recording-client';

const readerThatGets = (...answers: readonly unknown[]) => {
  const { client, sent } = aRecordingClient<SecretsManagerClient>(...answers);
  return { read: makeSecretReader(client), sent };
};

describe('a secret', () => {
  it('is read once, also by many at the same time', async () => {
    const { read, sent } = readerThatGets({ SecretString: 'value' });
    expect(await Promise.all([read('id'), read('id')])).toEqual(['value', 'value']);
    expect(await read('id')).toBe('value');
    expect(sent).toEqual([{ name: 'GetSecretValueCommand', input: { SecretId: 'id' } }]);
  });

  it('is not another one', async () => {
    const { read } = readerThatGets({ SecretString: 'one' }, { SecretString: 'two' });
    expect([await read('1'), await read('2'), await read('1')]).toEqual(['one', 'two', 'one']);
  });

  it('whose reading failed is read again', async () => {
    const { read } = readerThatGets(new Error('throttled'), { SecretString: 'value' });
    await expect(read('id')).rejects.toThrow('throttled');
    expect(await read('id')).toBe('value');
  });

  it.each([{}, { SecretString: '' }])('that is empty (%j) is an error', async (answer) => {
    await expect(readerThatGets(answer).read('id')).rejects.toThrow('a secret of the platform is empty');
  });
});
