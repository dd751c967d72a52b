import * as z from 'zod';
import { Problem } from './problem.mjs';

const ProblemDetails = z.looseObject({ code: z.string(), detail: z.string().optional(), title: z.string().optional() });

const timeoutMs = 30_000;

/** An answer that was not a success. */
export class RefusedRequest extends Problem {
  readonly status: number;
  readonly code: string;

  constructor(method: string, path: string, status: number, body: string) {
    const problem = ProblemDetails.safeParse(safeJson(body)).data;
    super(`${method} ${path} was refused with ${status} ${problem?.code ?? ''}: ${problem?.detail ?? problem?.title ?? body.slice(0, 300)}`);
    this.status = status;
    this.code = problem?.code ?? '';
  }
}

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

interface Request {
  readonly key?: string;
  readonly tenant?: string;
  readonly body?: unknown;
}

/** Calls one operation of the API and returns what it answered. Throws RefusedRequest when that is not a success. */
export const callApi = async (apiUrl: string, method: 'GET' | 'POST', path: string, { key, tenant, body }: Request = {}): Promise<unknown> => {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(tenant && { 'x-tenant-id': tenant }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await answer.text();
  if (!answer.ok) throw new RefusedRequest(method, path, answer.status, text);
  return safeJson(text);
};
