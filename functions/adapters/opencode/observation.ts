import type { AssistantMessage, PermissionRequest, SessionStatus } from '@opencode-ai/sdk/v2/client';
import type { Turn } from './turn.ts';

/** Why a run failed, in OpenCode's words. `statusCode` is the model provider's; it is missing when the connection broke. */
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly statusCode?: number;
  readonly isRetryable?: boolean;
}

/**
 * What one look at a run says.
 *
 * `not-started` and `interrupted` are doubtful: a healthy run looks like that for a moment too, because a look is
 * three reads and not a snapshot.
 */
export type RunState =
  | { readonly kind: 'running' }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly message: string; readonly nextAtMs: number }
  | { readonly kind: 'needs-permission'; readonly requests: readonly PermissionRequest[] }
  | { readonly kind: 'not-started' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: RunError }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'done' };

/** What the three reads say about a run. Permission requests count only while it is busy: an abort leaves its request behind. */
export function stateOf(
  status: SessionStatus | undefined,
  requests: readonly PermissionRequest[],
  turn: Turn,
): RunState {
  const last = turn.at(-1)?.info;
  if (status && status.type !== 'idle') {
    const own = requests.filter(({ tool }) => turn.some(({ info }) => info.id === tool?.messageID));
    if (own.length > 0) return { kind: 'needs-permission', requests: own };
    return status.type === 'retry'
      ? { kind: 'retrying', attempt: status.attempt, message: status.message, nextAtMs: status.next }
      : { kind: 'running' };
  }
  if (!last) return { kind: 'not-started' };
  if (last.error)
    return last.error.name === 'MessageAbortedError'
      ? { kind: 'aborted' }
      : { kind: 'failed', error: runErrorOf(last.error) };
  if (!last.time.completed || last.finish === 'tool-calls') return { kind: 'interrupted' };
  return { kind: 'done' };
}

/** The provider's answer itself stays out: it may hold anything. */
function runErrorOf({ name, data }: NonNullable<AssistantMessage['error']>): RunError {
  const {
    message = name,
    statusCode,
    isRetryable,
  } = data as { message?: string; statusCode?: number; isRetryable?: boolean };
  return {
    name,
    message: message.slice(0, 1_000),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(isRetryable === undefined ? {} : { isRetryable }),
  };
}

/** Tells, look after look, whether a run rests. Times are milliseconds of one clock. */
export type RestWatch = (state: RunState, turn: Turn, nowMs: number) => boolean;

/** A watch that believes a doubtful state only when a look at least `confirmMs` later says the same. */
export function watchForRest(confirmMs = 3_000): RestWatch {
  let doubt: { readonly looks: string; readonly sinceMs: number } | undefined;
  return ({ kind }, turn, nowMs) => {
    if (kind !== 'not-started' && kind !== 'interrupted') {
      doubt = undefined;
      return kind === 'done' || kind === 'failed' || kind === 'aborted';
    }
    const looks = `${kind} ${turn.length}`;
    if (doubt?.looks !== looks) doubt = { looks, sinceMs: nowMs };
    return nowMs - doubt.sinceMs >= confirmMs;
  };
}
