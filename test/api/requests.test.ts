import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#contracts/problem';
import { type Api, anApi, aSessionRequest, aTenant, type Call, makeSession } from '#test/support/in-process-api';

const SESSIONS = '/api/v1/sessions';
const MEBIBYTE = 1024 * 1024;

const aMember = async () => {
  const api = anApi();
  const { keys } = await aTenant(api);
  const key = keys['member'] as string;
  const post = (fields: Partial<Call>) => api.call({ method: 'POST', path: SESSIONS, key, ...fields });
  return { api, key, keys, post };
};

const sessionsIn = (api: Api) => api.engine.items().filter(({ entity }) => entity === 'session').length;

describe('a body that cannot be accepted', () => {
  it.each([
    ['broken JSON', { text: '{"title":' }, 400, 'MALFORMED_JSON'],
    [
      'bytes that are not UTF-8',
      { text: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), base64: true },
      400,
      'MALFORMED_JSON',
    ],
    [
      'bytes that were not UTF-8 before somebody decoded them',
      { text: '{"title":"a\ufffd\ufffd","prompt":"x"}', headers: { 'content-length': '29' } },
      400,
      'MALFORMED_JSON',
    ],
    ['33 levels', { text: `${'['.repeat(33)}${']'.repeat(33)}` }, 400, 'MALFORMED_JSON'],
    ['one byte over 1 MiB', { text: JSON.stringify('x'.repeat(MEBIBYTE - 1)) }, 413, 'PAYLOAD_TOO_LARGE'],
    ['no content type', { text: '{}', headers: { 'content-type': '' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['another content type', { text: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a charset that is not read',
      { text: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an encoding that is not read',
      { text: '{}', headers: { 'content-encoding': 'gzip' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an array', { body: [] }, 422, 'VALIDATION_ERROR'],
    ['nothing at all', {}, 422, 'VALIDATION_ERROR'],
    ['NUL in a string', { body: aSessionRequest({ prompt: 'a\u0000b' }) }, 422, 'VALIDATION_ERROR'],
  ])('because of %s is refused and leaves nothing behind', async (_, call: Partial<Call>, status, code) => {
    const { api, post } = await aMember();
    const reply = await post(call);
    expect(reply).toMatchObject({ status, json: { code, retryable: false, remedy: expect.any(String) } });
    expect(sessionsIn(api)).toBe(0);
  });

  it('that holds the replacement character itself, or names UTF-8, is read', async () => {
    const { post } = await aMember();
    const text = '{"title":"a\ufffd","prompt":"x"}';
    for (const headers of [
      { 'content-length': String(Buffer.byteLength(text)), 'content-type': 'application/json; Charset="UTF-8"' },
      { 'content-encoding': 'identity' },
    ]) {
      expect(await post({ text, headers })).toMatchObject({ status: 201, json: { title: 'a\ufffd' } });
    }
  });

  it('of exactly 1 MiB and of 32 levels is read', async () => {
    const { post } = await aMember();
    for (const text of [JSON.stringify('x'.repeat(MEBIBYTE - 2)), `${'['.repeat(32)}${']'.repeat(32)}`]) {
      expect((await post({ text })).json.code).toBe('VALIDATION_ERROR');
    }
  });

  it.each([
    [{ metadata: { n: 1e30 } }, '/metadata/n'],
    [{ metadata: { n: 1e-200 } }, '/metadata/n'],
    [{ description: '\ud800' }, '/description'],
    [{ metadata: { deep: ['a\u0000'] } }, '/metadata/deep/0'],
  ])('with what no table can keep, %j, is refused by its place', async (fields, path) => {
    const { post } = await aMember();
    expect(await post({ body: aSessionRequest(fields) })).toMatchObject({ status: 422, json: { errors: [{ path }] } });
  });

  it.each([
    ['{"title":"x","prompt":"x","metadata":{"__proto__":1}}', '/metadata/__proto__'],
    ['{"title":"x","prompt":"x","agent_config":{"a":[{"__proto__":{"b":1}}]}}', '/agent_config/a/0/__proto__'],
    ['{"title":"x","prompt":"x","workspace":{"permissions":{"__proto__":"deny"}}}', '/workspace/permissions/__proto__'],
  ])('with a name that objects cannot carry is refused and not dropped: %s', async (text, path) => {
    const { api, post } = await aMember();
    const errors = [{ path, message: expect.stringContaining('name') }];
    expect(await post({ text })).toMatchObject({ status: 422, json: { code: 'VALIDATION_ERROR', errors } });
    expect(sessionsIn(api)).toBe(0);
  });

  it('keeps every other name in what is stored as it is sent', async () => {
    const { post } = await aMember();
    const free = { constructor: 1, deep: { constructor: { prototype: 1 }, toString: 'x' }, hasOwnProperty: [{}] };
    const body = aSessionRequest({ metadata: free, agent_config: free });
    expect(await post({ body })).toMatchObject({ status: 201, json: { metadata: free, agent_config: free } });
  });

  it('has every wrong field named at once', async () => {
    const { post } = await aMember();
    const { json } = await post({
      body: {
        title: 'Untitled',
        prompt: 7,
        foo: 1,
        workspace: { repository_url: 'https://u:p@example.com/x', nope: 1, permissions: { bash: 'ask' } },
      },
    });
    const found = Object.fromEntries(
      json.errors.map(({ path, message }: { path: string; message: string }) => [path, message]),
    );
    expect(Object.keys(found).sort()).toEqual([
      '/foo',
      '/prompt',
      '/title',
      '/workspace/nope',
      '/workspace/permissions/bash',
      '/workspace/repository_url',
    ]);
    expect(found['/foo']).toBe('unknown field');
    expect(found['/workspace/permissions/bash']).toContain('use allow or deny');
  });

  it('is told of in words that say what to do', async () => {
    const { api, key, keys, post } = await aMember();
    const messages = async (reply: Promise<Awaited<ReturnType<typeof post>>>) =>
      (await reply).json.errors.map(({ path, message }: { path: string; message: string }) => `${path} ${message}`);
    expect(await messages(post({ body: { prompt: 'x' } }))).toEqual(['/title is required']);
    const query = { limit: 'x', status: 'odd' };
    expect(await messages(api.call({ path: SESSIONS, key, query }))).toEqual([
      'limit must be a number',
      expect.stringMatching(/^status /),
    ]);
    const long = 'x'.repeat(101);
    expect((await messages(post({ body: aSessionRequest({ metadata: { [long]: 1 } }) })))[0]).toContain('100');
    const deep = await post({ text: `${'['.repeat(33)}${']'.repeat(33)}` });
    expect(deep.json.remedy).toContain('32 deep');
    const claim = '/api/v1/agents/external/01JD8X5YB2M0Q4V6T8W1Z3C5E7/assignments/claim';
    const refused = await api.call({ path: claim, key: keys['runner'], body: {} });
    expect(refused).toMatchObject({ status: 403, json: { remedy: expect.stringContaining('token') } });
  });

  it('with a field of a later version says what to do instead', async () => {
    const { post } = await aMember();
    const { status, json } = await post({ body: aSessionRequest({ max_cost_usd: 5, max_tokens: 5 }) });
    expect(status).toBe(422);
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(['/max_cost_usd', '/max_tokens']);
    for (const { message } of json.errors) expect(message).toContain('not offered by this version');
  });

  it('is never answered with a fault of ours, whatever it is', async () => {
    const { api, key } = await aMember();
    const { id } = await makeSession(api, key);
    const field = fc.constantFrom(
      'title',
      'prompt',
      'tags',
      'workspace',
      'metadata',
      'agent_config',
      'start',
      'on_quota',
      'parent_id',
      'reason',
    );
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
    const path = fc.constantFrom(
      SESSIONS,
      `${SESSIONS}/${id}/start`,
      `${SESSIONS}/${id}/cancel`,
      '/api/v1/agents/external/register',
      '/api/v1/api-keys',
      '/api/v1/bootstrap',
    );
    await fc.assert(
      fc.asyncProperty(path, body, async (to, value) => {
        const { status, json } = await api.call({ method: 'POST', path: to, key, body: value });
        expect(status).toBeLessThan(500);
        if (status >= 400) expect(Problem.safeParse(json).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});

describe('a query', () => {
  it('with an unknown or wrong parameter is refused by its name', async () => {
    const { api, key } = await aMember();
    const { status, json } = await api.call({
      path: SESSIONS,
      key,
      query: { limit: '101', colour: 'red', status: 'running,odd' },
    });
    expect(status).toBe(422);
    expect(json.errors.map(({ path }: { path: string }) => path.split('.')[0]).sort()).toEqual([
      'colour',
      'limit',
      'status',
    ]);
  });

  it.each(['nonsense', 'e30', Buffer.from('[]').toString('base64url')])(
    'with the cursor %s is refused',
    async (cursor) => {
      const { api, key } = await aMember();
      expect(await api.call({ path: SESSIONS, key, query: { cursor } })).toMatchObject({
        status: 400,
        json: { code: 'INVALID_CURSOR' },
      });
    },
  );

  it.each([
    ['', 0],
    ['zzz', 0],
    ['01JD8X5YB2M0Q4V6T8W1Z3C5E7#', 0],
    ['own', 1],
    ['own', -24 * 3600 * 1000],
  ])('with a cursor whose position is made %j and whose end is moved by %d ms is refused', async (position, moved) => {
    const { api, key } = await aMember();
    for (const _ of [1, 2]) await makeSession(api, key);
    const { json } = await api.call({ path: SESSIONS, key, query: { limit: '1' } });
    const content = JSON.parse(Buffer.from(json.next_cursor, 'base64url').toString());
    const changed = {
      ...content,
      ...(position === 'own' ? {} : { position }),
      until: content.until + moved,
    };
    const cursor = Buffer.from(JSON.stringify(changed)).toString('base64url');
    expect(await api.call({ path: SESSIONS, key, query: { cursor } })).toMatchObject({
      status: 400,
      json: { code: 'INVALID_CURSOR' },
    });
    const events = { path: `${SESSIONS}/${json.items[0].id}/events`, key, query: { cursor } };
    expect((await api.call(events)).status).toBe(400);
  });

  it('walks a list with limit 1 as with limit 100, and its cursor opens no other list', async () => {
    const { api, key } = await aMember();
    for (const title of ['First', 'Second', 'Third']) await makeSession(api, key, { title });
    const titles: string[] = [];
    let cursor: string | undefined;
    let used = '';
    do {
      const { json } = await api.call({ path: SESSIONS, key, query: { limit: '1', ...(cursor ? { cursor } : {}) } });
      titles.push(...json.items.map(({ title }: { title: string }) => title));
      cursor = json.next_cursor;
      used = cursor ?? used;
    } while (cursor);
    expect(titles).toEqual(['Third', 'Second', 'First']);
    expect((await api.call({ path: SESSIONS, key, query: { cursor: used, status: 'queued' } })).status).toBe(400);
    api.clock.advance(24 * 3600);
    expect((await api.call({ path: SESSIONS, key, query: { cursor: used } })).status).toBe(400);
  });

  it('filters by status', async () => {
    const { api, key } = await aMember();
    await makeSession(api, key, { title: 'Waits' });
    await makeSession(api, key, { title: 'Starts', start: true });
    const { json } = await api.call({ path: SESSIONS, key, query: { status: 'queued' } });
    expect(json.items).toMatchObject([{ title: 'Starts', status: 'queued', tokens_used: 0 }]);
    expect(json.items[0]).not.toHaveProperty('prompt');
  });
});

describe('an answer', () => {
  it('carries version, place, request id and the headers that protect a browser', async () => {
    const { post } = await aMember();
    const { status, headers, json } = await post({
      body: aSessionRequest(),
      headers: { 'x-request-id': 'my-request-1' },
    });
    expect(status).toBe(201);
    expect(headers).toMatchObject({
      location: `${SESSIONS}/${json.id}`,
      etag: '"1"',
      'x-request-id': 'my-request-1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('31536000'),
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
    });
  });

  it('that refuses carries them, too, and a new request id for an odd one', async () => {
    const { api } = await aMember();
    for (const path of [SESSIONS, '/nowhere']) {
      const { headers, json } = await api.call({ path, headers: { 'x-request-id': 'odd id!' } });
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['x-request-id']).toMatch(/^[0-9A-Z]{26}$/);
      expect(json.request_id).toBe(headers['x-request-id']);
    }
  });

  it('to an unknown path is 404, to a method that is not offered 405 with those that are', async () => {
    const { api } = await aMember();
    expect(await api.call({ path: '/api/v1/nothing' })).toMatchObject({
      status: 404,
      json: { code: 'ROUTE_NOT_FOUND' },
    });
    const { status, headers } = await api.call({ method: 'DELETE', path: SESSIONS });
    expect(status).toBe(405);
    expect(headers['allow']?.split(', ').sort()).toEqual(['GET', 'POST']);
  });

  it('to a fault of ours says nothing of the inside', async () => {
    const { api, key } = await aMember();
    const broken = anApi({
      storeOf: () => {
        throw new Error('table iorch-prod is on fire');
      },
    });
    for (const item of api.engine.items())
      await broken.engine.transact([{ put: item, condition: { kind: 'any' }, what: 'copy' }]);
    const { status, text, json } = await broken.call({ path: SESSIONS, key });
    expect(status).toBe(500);
    expect(json).toMatchObject({ code: 'INTERNAL_ERROR', retryable: true });
    expect(text).not.toContain('fire');
  });
});

describe('an idempotency key', () => {
  const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });

  it('gives the same bytes to the same request', async () => {
    const { api, post } = await aMember();
    const first = await post({ body: aSessionRequest(), ...withKey('once') });
    const again = await post({ body: aSessionRequest(), ...withKey('once') });
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers['idempotent-replay']).toBe('true');
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(sessionsIn(api)).toBe(1);
  });

  it('has one effect when 20 requests come at once', async () => {
    const { api, post } = await aMember();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => post({ body: aSessionRequest({ start: true }), ...withKey('burst') })),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(sessionsIn(api)).toBe(1);
  });

  it('cannot be used for another body or another session', async () => {
    const { api, key, post } = await aMember();
    await post({ body: aSessionRequest(), ...withKey('once') });
    expect(await post({ body: aSessionRequest({ title: 'Other' }), ...withKey('once') })).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const [one, two] = [await makeSession(api, key), await makeSession(api, key)];
    await post({ path: `${SESSIONS}/${one.id}/start`, body: {}, ...withKey('start') });
    expect((await post({ path: `${SESSIONS}/${two.id}/start`, body: {}, ...withKey('start') })).status).toBe(422);
  });

  it('belongs to its principal, for 24 hours', async () => {
    const { api, keys, post } = await aMember();
    const create = (key = keys['member']) => post({ body: aSessionRequest(), ...withKey('once'), key });
    await create();
    await create(keys['lead']);
    expect(sessionsIn(api)).toBe(2);
    api.clock.advance(24 * 3600 - 1);
    expect((await create()).headers['idempotent-replay']).toBe('true');
    api.clock.advance(1);
    expect(await create()).toMatchObject({ status: 201 });
    expect(sessionsIn(api)).toBe(3);
  });

  it('gives every loser of a race the answer of the winner, whatever the operation', async () => {
    const { api, key, keys, post } = await aMember();
    const { id } = await makeSession(api, key);
    const registration = { protocol_version: '1.1', name: 'RUNNER-9', capabilities: ['testing'] };
    const calls: Partial<Call>[] = [
      { path: `${SESSIONS}/${id}/start`, body: {} },
      { path: `${SESSIONS}/${id}/cancel`, body: {} },
      { path: '/api/v1/agents/external/register', body: registration, key: keys['runner'] },
      { path: '/api/v1/tenants', body: { name: 'New', slug: 'new' }, key: keys['admin'] },
    ];
    for (const [index, call] of calls.entries()) {
      const replies = await Promise.all([1, 2, 3, 4].map(() => post({ ...call, ...withKey(`race-${index}`) })));
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(replies[0]?.status).toBeLessThan(300);
    }
  });

  it('works for an admin who acts in a tenant, too', async () => {
    const api = anApi();
    const { adminKey, tenantId } = await aTenant(api);
    const create = () =>
      api.call({
        path: SESSIONS,
        key: adminKey,
        body: aSessionRequest(),
        headers: { 'x-tenant-id': tenantId, 'idempotency-key': 'once' },
      });
    const first = await create();
    expect(await create()).toMatchObject({ status: 201, text: first.text });
  });

  it('is not remembered for what was refused, and must be printable', async () => {
    const { post } = await aMember();
    expect((await post({ body: {}, ...withKey('again') })).status).toBe(422);
    expect((await post({ body: aSessionRequest(), ...withKey('again') })).status).toBe(201);
    expect((await post({ body: aSessionRequest(), ...withKey('ü') })).json.errors).toMatchObject([
      { path: 'Idempotency-Key' },
    ]);
  });

  it('never shows a key a second time', async () => {
    const { keys, post } = await aMember();
    const make = () =>
      post({ path: '/api/v1/api-keys', key: keys['lead'], body: { name: 'x', role: 'viewer' }, ...withKey('key') });
    expect((await make()).json.key).toMatch(/^iorch_test_/);
    expect((await make()).json.key).toBeNull();
  });

  it('gives an agent its token again, although it is not stored', async () => {
    const { api, keys, post } = await aMember();
    const body = { protocol_version: '1.7', name: 'RUNNER-1', capabilities: ['testing'] };
    const register = () =>
      post({ path: '/api/v1/agents/external/register', key: keys['runner'], body, ...withKey('agent') });
    const [first, again] = [await register(), await register()];
    expect(first.json.protocol_version).toBe('1.1');
    expect(again.text).toBe(first.text);
    expect(JSON.stringify(api.engine.items())).not.toContain(first.json.auth_token);
  });
});

describe('a version', () => {
  it('named by If-Match must be the current one', async () => {
    const { api, key, post } = await aMember();
    const { id } = await makeSession(api, key);
    const start = (version: string) =>
      post({ path: `${SESSIONS}/${id}/start`, body: {}, headers: { 'if-match': version } });
    for (const wrong of ['"2"', 'garbage']) {
      expect(await start(wrong)).toMatchObject({
        status: 412,
        json: { code: 'PRECONDITION_FAILED', current_version: 1 },
      });
    }
    expect(await start('"1"')).toMatchObject({ status: 200, json: { status: 'queued', version: 2 } });
    const cancel = (headers: Record<string, string>) => post({ path: `${SESSIONS}/${id}/cancel`, body: {}, headers });
    expect((await cancel({ 'if-match': '"1"' })).status).toBe(412);
    expect(await cancel({ 'if-match': '*' })).toMatchObject({ status: 200, json: { status: 'cancelled', version: 3 } });
  });
});

describe('an operation that the status does not allow', () => {
  it('is refused with what it would allow; cancelling twice changes nothing', async () => {
    const { api, key, post } = await aMember();
    const { id } = await makeSession(api, key);
    const first = await post({ path: `${SESSIONS}/${id}/cancel`, body: { reason: 'not needed' } });
    expect(first.json).toMatchObject({ status: 'cancelled', status_detail: 'not needed' });
    expect((await post({ path: `${SESSIONS}/${id}/cancel`, body: {} })).json.version).toBe(first.json.version);
    const reply = await post({ path: `${SESSIONS}/${id}/start`, body: {} });
    expect(reply).toMatchObject({
      status: 409,
      json: { code: 'INVALID_TRANSITION', current: 'cancelled', target: 'queued', allowed: [] },
    });
  });
});
