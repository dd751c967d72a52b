import type { RunState } from '#adapters/opencode/observation';
import type { OpenCodeRun, PermissionRule } from '#adapters/opencode/opencode-client';
import type { Turn } from '#adapters/opencode/turn';
import type { Assignment } from './control-plane.ts';
import { followRun, patiently } from './follow-run.ts';
import type { OpenCodeHost, OpenCodeInUse } from './opencode-host.ts';
import { within } from './pause.ts';

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
    try {
      signal.throwIfAborted();
      const settings = {
        title: context.session.title,
        permissions: permissionRules(input_data.workspace?.permissions),
      };
      await patiently(() => client.ensureSession(run, settings), signal)();
      signal.throwIfAborted();
      const message = { text: prompt, ...(model === undefined ? {} : { model }) };
      await patiently(() => client.ensurePrompt(run, message), signal)();
      return await followRun({ client, run, signal, onLook });
    } finally {
      await endRun(inUse, run, signal.aborted);
    }
  });
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
