import type { RunState } from '#adapters/opencode/observation';
import { OpenCodeError, type OpenCodeRun, type PermissionRule } from '#adapters/opencode/opencode-client';
import type { Turn } from '#adapters/opencode/turn';
import type { Assignment } from './control-plane.ts';
import { followRun, patiently } from './follow-run.ts';
import type { OpenCodeHost, OpenCodeInUse } from './opencode-host.ts';
import { within } from './pause.ts';
import { upstreamFailure } from './run-failure.ts';

/** What to do with the agent. */
export interface AgentTask {
  readonly host: OpenCodeHost;
  readonly assignment: Assignment;
  readonly directory: string;
  readonly prompt: string;
  /** `provider/model`; without it the configuration's own. */
  readonly model: string | undefined;
  readonly signal: AbortSignal;
  readonly onLook: (state: RunState, turn: Turn) => void;
}

const abortPatienceMs = 2_500;

/**
 * Lets OpenCode work on the prompt and returns what it did. Session and message are named after the grant, so that a
 * repeated call starts nothing twice. When the signal interrupts it, the run is aborted before this throws.
 */
export async function runAgent({
  host,
  assignment,
  directory,
  prompt,
  model,
  signal,
  onLook,
}: AgentTask): Promise<Turn> {
  const { assignment_id, attempt, fencing_token, context, input_data } = assignment;
  const run: OpenCodeRun = { key: `${assignment_id}/${attempt}/${fencing_token}`, directory };
  return host.use(async (inUse) => {
    const { client } = inUse;
    const patience = { signal, isGone: () => inUse.howEnded() !== undefined };
    try {
      signal.throwIfAborted();
      const settings = {
        title: context.session.title,
        permissions: permissionRules(input_data.workspace?.permissions),
      };
      await patiently(() => client.ensureSession(run, settings), patience)();
      signal.throwIfAborted();
      const message = { text: prompt, ...(model === undefined ? {} : { model }) };
      await patiently(() => client.ensurePrompt(run, message), patience)();
      return await followRun({ client, run, onLook, ...patience });
    } catch (error) {
      throw causeOf(error, inUse);
    } finally {
      await endRun(inUse, run, signal.aborted);
    }
  });
}

/** A server that is gone answers nothing: then that is what went wrong, and another attempt has another server. */
function causeOf(error: unknown, { howEnded }: OpenCodeInUse): unknown {
  const isUnanswered = [error, (error as Error).cause].some((one) => one instanceof OpenCodeError);
  const ending = isUnanswered ? howEnded() : undefined;
  if (ending === undefined) return error;
  return upstreamFailure(`the OpenCode server ended ${ending} in the middle of the work`, { cause: error });
}

/** An agent that cannot be stopped costs the whole server its trust. */
async function endRun({ client, discard }: OpenCodeInUse, run: OpenCodeRun, isInterrupted: boolean): Promise<void> {
  if (isInterrupted) {
    const stopped = client.abort(run).then(() => true);
    if (
      !(await within(
        abortPatienceMs,
        stopped.catch(() => false),
      ))
    )
      return discard();
  }
  await within(
    abortPatienceMs,
    client.disposeDirectory(run).catch(() => undefined),
  );
}

/** The session's rules for OpenCode: later ones win, so the default comes first. */
function permissionRules(
  permissions: Readonly<Record<string, string>> = { '*': 'allow', question: 'deny' },
): PermissionRule[] {
  const { '*': fallback = 'allow', ...tools } = permissions;
  return Object.entries({ '*': fallback, question: 'deny', ...tools }).map(([permission, action]) => ({
    permission,
    pattern: '*',
    action: action === 'deny' ? 'deny' : 'allow',
  }));
}
