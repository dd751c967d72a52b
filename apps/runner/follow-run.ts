import { type RunState, watchForRest } from '#adapters/opencode/observation';
import { type OpenCodeClient, OpenCodeError, type OpenCodeRun } from '#adapters/opencode/opencode-client';
import type { Turn } from '#adapters/opencode/turn';
import { pause } from './pause.ts';
import { executionFailure, rejectedWork, upstreamFailure } from './run-failure.ts';

/** A run to follow to its end. */
export interface RunToFollow {
  readonly client: OpenCodeClient;
  readonly run: OpenCodeRun;
  readonly signal: AbortSignal;
  /** Whether the server has ended, so that nobody will ever answer. */
  readonly isGone?: (() => boolean) | undefined;
  /** Told every look at the run. */
  readonly onLook: (state: RunState, turn: Turn) => void;
}

const shortestPauseMs = 250;
const longestPauseMs = 2_000;
const toleratedFailures = 5;

/** Looks at the run, often while something happens, until it rests. Throws RunFailure when it did not end well, or the signal's reason. */
export async function followRun({ client, run, signal, isGone, onLook }: RunToFollow): Promise<Turn> {
  const rests = watchForRest();
  const look = patiently(() => client.observe(run), { signal, isGone });
  let pauseMs = shortestPauseMs;
  let lastLook = '';
  for (;;) {
    const { state, turn } = await look();
    signal.throwIfAborted();
    onLook(state, turn);
    if (rests(state, turn, performance.now())) return endOf(state, turn);
    if (state.kind === 'needs-permission')
      await rejectAll(
        client,
        run,
        state.requests.map(({ id }) => id),
      );
    const looks = `${state.kind} ${turn.length} ${turn.at(-1)?.parts.length}`;
    pauseMs = looks === lastLook ? Math.min(longestPauseMs, pauseMs * 1.5) : shortestPauseMs;
    lastLook = looks;
    await pause(pauseMs, signal);
  }
}

/** A call that may be repeated, to a busy server that may miss one or two; one that misses five in a row is lost. */
export function patiently<T>(
  call: () => Promise<T>,
  { signal, isGone = () => false }: Pick<RunToFollow, 'signal' | 'isGone'>,
): () => Promise<T> {
  return async () => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof OpenCodeError)) throw error;
        if (failures >= toleratedFailures || isGone()) throw executionFailure(error.message, { cause: error });
        await pause(500, signal);
      }
    }
  };
}

async function rejectAll(client: OpenCodeClient, run: OpenCodeRun, requestIds: readonly string[]): Promise<void> {
  for (const id of requestIds)
    await client.rejectPermission(run, id, 'Nobody is here to allow this. Go on without it.');
}

function endOf(state: RunState, turn: Turn): Turn {
  switch (state.kind) {
    case 'done':
      return turn;
    case 'failed': {
      const { name, message, statusCode, isRetryable } = state.error;
      const isUpstream = name === 'APIError' && (statusCode === undefined || statusCode >= 500 || statusCode === 429);
      if (isUpstream) throw upstreamFailure(`the model provider failed: ${message}`);
      throw executionFailure(`the agent failed (${name}): ${message}`, {
        retryable: isRetryable ?? name === 'UnknownError',
      });
    }
    case 'not-started':
      throw rejectedWork('OpenCode did not start the run: this runner does not offer the model');
    case 'aborted':
      throw executionFailure('the run was aborted from outside');
    default:
      throw executionFailure('the run was interrupted in its middle');
  }
}
