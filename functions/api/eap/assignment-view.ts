import type { Granted } from '#application/claim-assignments';
import { toWire } from '#contracts/wire-case';

/** What a session was asked for, as its agent gets it. */
export const presentInput = (
  { prompt, additionalPrompt, workspace }: Granted['input'],
  baseCommit: string | undefined,
): unknown => toWire({ prompt, additionalPrompt, workspace: workspace && { ...workspace, baseCommit } });

/** An assignment with all an agent needs to begin, as the wire shows it. */
export const presentAssignment = (granted: Granted): unknown => {
  const { assignment, session, input, modelIdentifier, checkpoint } = granted;
  const { id, title, description, sessionType, priority, tags, parentId, attempt } = session;
  const timeoutMs = Date.parse(assignment.deadlineAt as string) - Date.parse(assignment.claimedAt as string);
  return toWire({
    taskId: assignment.id,
    sessionId: id,
    taskType: 'session_execution',
    context: { session: { id, title, description, sessionType, priority, tags, parentId, attempt }, contexts: [] },
    inputData: presentInput(input, granted.baseCommit),
    requirements: assignment.requiredCapabilities,
    timeoutSeconds: timeoutMs / 1000,
    assignmentId: assignment.id,
    attempt: assignment.attempt,
    fencingToken: assignment.fencingToken,
    leaseExpiresAt: assignment.leaseUntil,
    deadlineAt: assignment.deadlineAt,
    priority,
    agentConfig: input.agentConfig,
    modelIdentifier: modelIdentifier ?? null,
    cpuLimit: input.cpuLimit,
    memoryLimitMb: input.memoryLimitMb,
    checkpoint: checkpoint
      ? { sequence: checkpoint.sequence, createdAt: checkpoint.createdAt, data: JSON.parse(checkpoint.data) as unknown }
      : null,
    budget: null,
  });
};
