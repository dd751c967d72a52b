import { describe, expect, inject, it } from 'vitest';
import { api, begin, ended, script } from './work.ts';

const send = async (method: string, path: string, { key, body }: { key?: string; body?: string } = {}) => {
  const answer = await fetch(`${inject('cloud').stack.api_url}${path}`, {
    method,
    headers: { ...(key && { authorization: `Bearer ${key}` }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body }),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), problem: await answer.json() };
};

const keys = () => inject('cloud').stack.keys;

describe('a request that cannot be served', () => {
  it.each([
    ['without a credential', 401, 'UNAUTHENTICATED', () => send('GET', '/api/v1/sessions')],
    [
      'with a credential nobody issued',
      401,
      'UNAUTHENTICATED',
      () => send('GET', '/api/v1/sessions', { key: 'iorch_test_x' }),
    ],
    ['above its role', 403, 'FORBIDDEN', () => send('POST', '/api/v1/sessions', { key: keys().viewer, body: '{}' })],
    [
      'that is not JSON',
      400,
      'MALFORMED_JSON',
      () => send('POST', '/api/v1/sessions', { key: keys().member, body: '{' }),
    ],
    [
      'with an unknown field',
      422,
      'VALIDATION_ERROR',
      () =>
        send('POST', '/api/v1/sessions', {
          key: keys().member,
          body: '{"title":"A session","prompt":"Work.","colour":"red"}',
        }),
    ],
    [
      'to an unknown session',
      404,
      'SESSION_NOT_FOUND',
      () => send('GET', '/api/v1/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV', { key: keys().viewer }),
    ],
    ['to an unknown path', 404, 'ROUTE_NOT_FOUND', () => send('GET', '/api/v1/nothing', { key: keys().viewer })],
    [
      'with a method not offered',
      405,
      'METHOD_NOT_ALLOWED',
      () => send('PUT', '/api/v1/sessions', { key: keys().member, body: '{}' }),
    ],
  ])('is answered with a problem document: one %s', async (_, status, code, request) => {
    expect(await request()).toMatchObject({
      status,
      type: expect.stringContaining('application/problem+json'),
      problem: { status, code, type: `urn:iorch:error:${code.toLowerCase()}`, request_id: expect.any(String) },
    });
  });

  it('is answered with a problem document: one that starts a session that has ended', async () => {
    const { id } = await begin({ prompt: script('say Done.') });
    await ended(id);
    expect(await send('POST', `/api/v1/sessions/${id}/start`, { key: keys().member, body: '{}' })).toMatchObject({
      status: 409,
      problem: { code: 'INVALID_TRANSITION', retryable: false, remedy: expect.any(String) },
    });
  });
});

describe('the public routes', () => {
  it('tell that the stacks are healthy and what they offer', async () => {
    const { api_url } = inject('cloud').stack;
    expect((await fetch(`${api_url}/health`)).status).toBe(200);
    const document = await (await fetch(`${api_url}/openapi.json`)).json();
    expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  });
});

describe('who asks', () => {
  it('learns the tenant and role of the credential', async () => {
    const { tenant_id } = inject('cloud').stack;
    expect(await api('viewer').call('getMe', {})).toMatchObject({ tenant: { id: tenant_id }, role: 'viewer' });
  });
});
