import type * as z from 'zod';
import type { Assignment } from '#apps/runner/control-plane';
import { AssignmentWorkspace } from '#contracts/assignment';

interface Overrides {
  readonly id?: string;
  readonly prompt?: string;
  readonly workspace?: z.input<typeof AssignmentWorkspace>;
  readonly timeoutSeconds?: number;
  readonly model?: string;
  readonly title?: string;
  readonly fencingToken?: number;
}

/** An assignment with everything that a test does not care about. */
export function anAssignment({
  id = '01JD8X5YB2M0Q4V6T8W1Z3C5E1',
  prompt = 'Do nothing.',
  workspace,
  timeoutSeconds = 600,
  model,
  title = 'Say hello',
  fencingToken = 1,
}: Overrides = {}): Assignment {
  const inMs = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
  const sessionId = `${id.slice(0, -2)}S${id.slice(-1)}`;
  return {
    task_id: id,
    session_id: sessionId,
    task_type: 'session_execution',
    context: {
      session: { id: sessionId, title, session_type: 'execution', priority: 'medium', tags: [], attempt: 1 },
      contexts: [],
    },
    input_data: { prompt, ...(workspace ? { workspace: AssignmentWorkspace.parse(workspace) } : {}) },
    requirements: [],
    timeout_seconds: timeoutSeconds,
    assignment_id: id,
    attempt: 1,
    fencing_token: fencingToken,
    lease_expires_at: inMs(30_000),
    deadline_at: inMs(timeoutSeconds * 1_000),
    priority: 'medium',
    agent_config: {},
    model_identifier: model ?? null,
    checkpoint: null,
    budget: null,
  };
}

/** A prompt that the demo model follows. */
export const scripted = (...lines: readonly string[]): string =>
  `Please do this.\n\n\`\`\`iorch-script\n${lines.join('\n')}\n\`\`\`\n`;
