import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeAssumeTenantRole } from '#adapters/sts/assume-tenant-role';

const HOUR_MS = 3_600_000;
const noon = Date.UTC(2026, 10, 20, 12);

const answerOf = (until: number, made: number) => `<AssumeRoleResponse><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIA${made}</AccessKeyId><SecretAccessKey>secret/+=</SecretAccessKey><SessionToken>token/+==</SessionToken>
  <Expiration>${new Date(until).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

/** STS, with what it was asked. */
const anSts = (answer = (made: number) => new Response(answerOf(Date.now() + HOUR_MS, made))) => {
  const asked: { url: string; body: URLSearchParams; headers: Record<string, string> }[] = [];
  const fetch = (async (url: URL, { body, headers }: { body: string; headers: Record<string, string> }) => {
    asked.push({ url: String(url), body: new URLSearchParams(body), headers });
    return answer(asked.length);
  }) as typeof globalThis.fetch;
  const options = {
    roleArn: 'arn:aws:iam::123456789012:role/tenant',
    region: 'eu-west-1',
    credentials: () => ({ accessKeyId: 'OWN', secretAccessKey: 'own secret', sessionToken: 'own token' }),
    clock: { now: () => Date.now() },
    fetch,
  };
  return {
    asked,
    assume: makeAssumeTenantRole(options),
    assumeAt: (endpoint: string) => makeAssumeTenantRole({ ...options, endpoint }),
  };
};

afterEach(() => {
  vi.useRealTimers();
});

describe('the credentials of a tenant', () => {
  it('are asked for with the tag of that tenant and no other, for an hour', async () => {
    vi.useFakeTimers({ now: noon, toFake: ['Date'] });
    const { assume, asked } = anSts();
    expect(await assume('TENANT')).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'secret/+=',
      sessionToken: 'token/+==',
      expiration: new Date(noon + HOUR_MS),
    });
    expect(asked[0]?.url).toBe('https://sts.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(asked[0]?.body ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/tenant',
      RoleSessionName: 'TENANT',
      DurationSeconds: '3600',
      'Tags.member.1.Key': 'tenant_id',
      'Tags.member.1.Value': 'TENANT',
    });
    expect(asked[0]?.headers).toMatchObject({ 'x-amz-security-token': 'own token', authorization: expect.any(String) });
  });

  it('are asked for where the emulator is, if there is one', async () => {
    const { assumeAt, asked } = anSts();
    await assumeAt('http://localhost:4566')('TENANT');
    expect(asked[0]?.url).toBe('http://localhost:4566/');
  });

  it.each([
    ['a refusal', new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 }), /403: .*AccessDenied/],
    ['an answer without credentials', new Response('<AssumeRoleResponse/>'), /no AccessKeyId/],
  ])('are a fault after %s', async (_, response, message) => {
    const { assume } = anSts(() => response);
    await expect(assume('TENANT')).rejects.toThrow(message);
  });

  it('serve a thousand requests in one hour, and are renewed before they end', async () => {
    vi.useFakeTimers({ now: noon, toFake: ['Date'] });
    const { assume, asked } = anSts();
    const handle = vi.fn(async () => ({ response: { statusCode: 200, headers: {}, body: undefined } }));
    const client = new DynamoDBClient({
      region: 'eu-west-1',
      credentials: () => assume('TENANT'),
      requestHandler: { handle } as never,
      maxAttempts: 1,
    });
    const use = () => client.send(new ListTablesCommand({})).catch(() => undefined);
    for (let count = 0; count < 1000; count++) await use();
    expect(handle).toHaveBeenCalledTimes(1000);
    expect(asked).toHaveLength(1);
    vi.setSystemTime(noon + HOUR_MS - 60_000);
    await use();
    expect(asked).toHaveLength(2);
  });
});
