import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** Answers a request, or undefined for 404. */
export type Responder = (request: SeenRequest) => Answer | undefined;

/** A server on loopback that answers as told and remembers what it was asked. */
export const fakeApi = async (respond: Responder) => {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const raw = await text(request);
    const entry: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: raw === '' ? undefined : JSON.parse(raw),
    };
    seen.push(entry);
    const answer = respond(entry) ?? { status: 404, body: aProblem({ status: 404, code: 'ROUTE_NOT_FOUND' }) };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const aProblem = (overrides: { status: number; code: string } & Record<string, unknown>) => ({
  type: `urn:iorch:error:${overrides.code.toLowerCase()}`,
  title: 'Refused',
  detail: 'it was refused',
  request_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E7',
  retryable: false,
  ...overrides,
});
