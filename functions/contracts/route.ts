import type * as z from 'zod';
import type { Role } from '#domain/tenant/tenant';
import type { ErrorCode } from './errors.ts';

/** Function that serves a route: one per resource and privilege. */
export type RouteGroup =
  | 'agents-query'
  | 'sessions-command'
  | 'sessions-query'
  | 'eap'
  | 'fine-tuning-command'
  | 'fine-tuning-poll'
  | 'fine-tuning-query'
  | 'tenancy-command'
  | 'tenancy-query'
  | 'system'
  | 'presign';

/**
 * Who may call a route: the least role of a person or service; `agent` an agent on its own paths;
 * `bootstrap` the holder of the bootstrap token; `public` anybody.
 */
export type RouteRole = Role | 'agent' | 'bootstrap' | 'public';

/** One operation of the API. Everything that is said about it, is said here. */
export interface Route {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly role: RouteRole;
  /** Kinds of principals beside the role that may call it. */
  readonly also?: readonly ('runner' | 'agent')[];
  readonly group: RouteGroup;
  readonly summary: string;
  readonly success: number;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Media type of an alternative answer, chosen by Accept. */
  readonly alternative?: string;
  /** Whether it answers with a redirect unless JSON is asked for. */
  readonly redirects?: boolean;
  readonly errors: readonly ErrorCode[];
}
