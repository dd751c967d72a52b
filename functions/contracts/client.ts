import type * as z from 'zod';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';
import { type RouteName, type Routes, routes } from './routes.ts';

type Params<R> = R extends { params: infer P extends z.ZodType } ? { params: z.input<P> } : unknown;
type Query<R> = R extends { query: infer Q extends z.ZodType } ? { query?: z.input<Q> } : unknown;
type Body<R> = R extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : unknown;

/** What a call of the client takes: the route's parts, and how to send it. */
export type CallInput<K extends RouteName> = Params<Routes[K]> &
  Query<Routes[K]> &
  Body<Routes[K]> & {
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  };

export type CallOutput<K extends RouteName> = z.output<Routes[K]['response']>;

/** The API refused a request. `problem` says what was wrong and what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The API gave no answer, or one that is not its own. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

/** A call was not sent: a part of its path would have led to another operation. */
export class UnusableParameter extends Error {
  override readonly name = 'UnusableParameter';
}

/** Calls any operation by its name. Throws UnusableParameter before anything is sent, ApiProblem on a refusal and ApiUnreachable when nothing sensible answers. */
export interface Client {
  call<K extends RouteName>(name: K, input: CallInput<K>): Promise<CallOutput<K>>;
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** API key or agent token. */
  readonly credential?: string | undefined;
  /** @default 30 seconds */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Whoever reads an address takes dots for folders, encoded ones too, so no way of writing them keeps the path. */
const segmentOf = (name: string, value: string): string => {
  if (['', '.', '..'].includes(value))
    throw new UnusableParameter(`${name.replaceAll('_', ' ')}: "${value}" names nothing`);
  return encodeURIComponent(value);
};

const urlOf = (baseUrl: string, route: Route, { params = {}, query = {} }: LooseInput): string => {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return `${baseUrl.replace(/\/$/, '')}${path}${text === '' ? '' : `?${text}`}`;
};

const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiUnreachable(`the answer (status ${response.status}) is not JSON`, { cause });
  }
};

/** A client for one address and credential. */
export const makeClient = ({
  baseUrl,
  credential,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  fetch = globalThis.fetch,
}: ClientOptions): Client => {
  const send = async (route: Route, input: LooseInput): Promise<Response> => {
    const url = urlOf(baseUrl, route, input);
    const deadline = AbortSignal.timeout(timeoutMs);
    const headers = {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(input.idempotencyKey === undefined ? {} : { 'idempotency-key': input.idempotencyKey }),
      ...input.headers,
    };
    try {
      return await fetch(url, {
        method: route.method,
        headers,
        signal: input.signal ? AbortSignal.any([input.signal, deadline]) : deadline,
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      });
    } catch (cause) {
      if (input.signal?.aborted) throw cause;
      throw new ApiUnreachable(`${baseUrl} does not answer`, { cause });
    }
  };

  return {
    async call<K extends RouteName>(name: K, input: CallInput<K>) {
      const response = await send(routes[name], input as LooseInput);
      const answer = response.status === 204 ? null : await readJson(response);
      if (response.ok) return answer as CallOutput<K>;
      const problem = Problem.safeParse(answer);
      if (!problem.success)
        throw new ApiUnreachable(`the answer (status ${response.status}) is not a problem document`);
      throw new ApiProblem(problem.data);
    },
  };
};
