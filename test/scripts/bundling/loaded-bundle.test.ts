import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyText } from '#domain/credential/credential-text';
import { functions } from '#lib/functions';
import { buildFunctions } from '#scripts/build-functions';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const credentials = { AWS_ACCESS_KEY_ID: 'AKIDFROMENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'secret' };

let folder: string;
let table: Server;
const requests: IncomingMessage['headers'][] = [];

/** Calls a built function in a process of its own, far from any package and with nothing but these variables. */
const call = async (name: string, event: object, environment: Record<string, string> = {}) => {
  const { port } = table.address() as AddressInfo;
  writeFileSync(
    join(folder, 'call.mjs'),
    `import { handler } from './${name}/index.mjs';
     console.log(JSON.stringify(await handler(${JSON.stringify(event)}, {})));`,
  );
  const env = {
    STAGE: 'test',
    TABLE_NAME: 'table',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_MAX_ATTEMPTS: '1',
    ...environment,
  };
  const { stdout } = await run(process.execPath, [join(folder, 'call.mjs')], { cwd: folder, env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  table = createServer(({ headers }, response) => {
    requests.push(headers);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  }).listen(0, '127.0.0.1');
  await once(table, 'listening');
  const entries = { authorizer: functions.authorizer.entry, system: functions.system.entry };
  await buildFunctions({ root, outdir: folder, entries });
}, 60_000);
afterAll(() => {
  table.close();
  rmSync(folder, { recursive: true });
});

describe('a bundled function', { timeout: 30_000 }, () => {
  const authorization = `Bearer ${apiKeyText('test', '0123456789ab', 's'.repeat(43))}`;

  it('runs under the Node of the project and signs its requests with the credentials of its environment', async () => {
    expect(process.versions.node).toMatch(/^24\./);
    const answer = await call('authorizer', { headers: { authorization } }, credentials);
    expect(answer).toMatchObject({ isAuthorized: true, context: { failure: expect.any(String) } });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      authorization: expect.stringContaining(credentials.AWS_ACCESS_KEY_ID),
    });
  });

  it('says what is missing when its environment has no credentials', async () => {
    await expect(call('authorizer', { headers: { authorization } })).rejects.toThrow(
      'no credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  });

  it('hands out the whole OpenAPI document, which it holds compressed', async () => {
    const event = { routeKey: 'GET /openapi.json', rawPath: '/openapi.json', headers: {}, requestContext: {} };
    const { statusCode, body } = await call('system', event, credentials);
    expect(statusCode).toBe(200);
    const { default: document } = await import('#docs/openapi', { with: { type: 'json' } });
    expect(JSON.parse(body)).toEqual(document);
  });

  it('refuses bad input by its schemas although it has left out what describes them', async () => {
    const event = {
      routeKey: 'GET /health',
      rawPath: '/health',
      headers: {},
      queryStringParameters: { surplus: '1' },
      requestContext: {},
    };
    const { statusCode, body } = await call('system', event, credentials);
    expect(statusCode).toBe(422);
    expect(JSON.parse(body).errors).toMatchObject([{ path: 'surplus' }]);
  });
});
