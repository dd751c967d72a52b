import type * as z from 'zod';
import type { IdempotencyRecord } from '#application/ports/write';
import type { Route } from '#contracts/route';
import type { Principal } from '#domain/credential/principal';
import type { Actor } from '#domain/event';
import type { Ports } from '#runtime/ports';

type Output<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined;

/** A validated request of one route. */
export interface RouteRequest<R extends Route> {
  readonly params: Output<R, 'params'>;
  readonly query: Output<R, 'query'>;
  readonly body: Output<R, 'body'>;
  readonly bodyText: string;
  readonly principal: Principal;
  readonly actor: Actor & { readonly id: string };
  readonly tenantId: string;
  /** Version named by If-Match. */
  readonly ifVersion: number | undefined;
  /** Whether the client prefers the route's alternative media type. */
  readonly wantsAlternative: boolean;
  /** Whether the client asks for JSON in so many words. */
  readonly wantsJson: boolean;
  /** Makes the record of the answer for a request with an Idempotency-Key; undefined without one. */
  /** Whether a request with the same key has been answered meanwhile. */
  readonly isAnswered: () => Promise<boolean>;
  readonly remember: <T>(answer: (value: T) => Answer) => ((value: T) => IdempotencyRecord) | undefined;
}

/** What a route answers; the pipeline adds status, schema and headers. */
export interface Answer {
  readonly body: unknown;
  /** @default the route's success status */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with this media type, instead of the body. */
  readonly text?: { readonly mediaType: string; readonly content: string };
}

/** Puts the secret back into a remembered answer, which never holds it. */
export type RestoreSecret<P extends Ports = Ports> = (body: string, tenantId: string, ports: P) => Promise<string>;

/** A route with its code; `P` is what the code needs beyond the ports that every route gets. */
export interface RouteHandler<P extends Ports = Ports> {
  readonly route: Route;
  readonly serve: (request: RouteRequest<Route>, ports: P) => Promise<Answer>;
  readonly restoreSecret?: RestoreSecret<P> | undefined;
}

/** Binds the code of a route to its contract: parse, call one use case, present. */
export const route = <const R extends Route, P extends Ports = Ports>(
  definition: R,
  serve: (request: RouteRequest<R>, ports: P) => Promise<Answer>,
  restoreSecret?: RestoreSecret<P>,
): RouteHandler<P> => ({ route: definition, serve: serve as RouteHandler<P>['serve'], restoreSecret });
