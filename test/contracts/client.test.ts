import { describe, expect, it } from 'vitest';
import { ApiProblem, ApiUnreachable, makeClient, UnusableParameter } from '#contracts/client';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

const answering = (status: number, body: string) => {
  const sent: Sent[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return new Response(body, { status });
  }) as unknown as typeof globalThis.fetch;
  return { sent, client: makeClient({ baseUrl: 'http://api.test/', credential: 'KEY', fetch }) };
};

const problem = {
  type: 't',
  title: 't',
  status: 404,
  detail: 'no such session',
  code: 'SESSION_NOT_FOUND',
  request_id: 'r',
  retryable: false,
};
const params = { session_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E7' };

describe('the typed client', () => {
  it('puts path, query, body and credential where they belong', async () => {
    const { sent, client } = answering(200, '{}');
    await client.call('listSessionEvents', { params, query: { after_seq: 4 } });
    await client.call('cancelSession', { params, body: { reason: 'x' }, idempotencyKey: 'once' });
    expect(sent[0]).toMatchObject({
      url: `http://api.test/api/v1/sessions/${params.session_id}/events?after_seq=4`,
      init: { method: 'GET' },
    });
    expect(sent[0]?.init.headers).toMatchObject({ authorization: 'Bearer KEY' });
    expect(sent[1]?.init).toMatchObject({ method: 'POST', body: '{"reason":"x"}' });
    expect(sent[1]?.init.headers).toMatchObject({ 'idempotency-key': 'once', 'content-type': 'application/json' });
  });

  it('throws the problem of a refusal', async () => {
    const failure = await answering(404, JSON.stringify(problem))
      .client.call('getSession', { params })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect((failure as ApiProblem).problem).toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  it.each(['.', '..', ''])('sends nothing for "%s", which would lead to another path', async (session_id) => {
    const { sent, client } = answering(200, '{}');
    const asked = client.call('getSession', { params: { session_id } });
    await expect(asked).rejects.toEqual(new UnusableParameter(`session id: "${session_id}" names nothing`));
    expect(sent).toEqual([]);
  });

  it('keeps whatever else there is in a parameter to its place in the path', async () => {
    const { sent, client } = answering(200, '{}');
    await client.call('getSession', { params: { session_id: '%2e%2e/../x?' } });
    expect(new URL(sent[0]?.url ?? '').pathname).toBe('/api/v1/sessions/%252e%252e%2F..%2Fx%3F');
  });

  it.each([
    [502, '<html>'],
    [500, '{"message":"Internal Server Error"}'],
    [200, 'not JSON'],
  ])('says that the API is not there when %i answers %s', async (status, body) => {
    await expect(answering(status, body).client.call('getSession', { params })).rejects.toBeInstanceOf(ApiUnreachable);
  });

  it('says so when nothing answers, and passes on that the caller gave up', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const client = makeClient({ baseUrl: 'http://api.test', fetch });
    await expect(client.call('getHealth', {})).rejects.toBeInstanceOf(ApiUnreachable);
    await expect(client.call('getHealth', { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(TypeError);
  });
});
