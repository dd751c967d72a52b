import type { RunState } from '#adapters/opencode/observation';
import { openCodeId } from '#adapters/opencode/opencode-id';
import type { Turn } from '#adapters/opencode/turn';
import type { CheckpointPace } from './checkpoint-pace.ts';
import type { AgentCalls, Assignment, WorkEvent } from './control-plane.ts';
import { upload } from './transfer.ts';
import { type CheckpointData, describeTurn, finishedSteps } from './work-checkpoint.ts';
import { bundleCheckpoint, commitCheckpoint } from './workspace/checkpoint-commit.ts';
import type { CommitAuthor } from './workspace/commit-result.ts';
import type { Worktree } from './workspace/worktree.ts';

export interface CheckpointsToKeep {
  readonly assignment: Assignment;
  readonly calls: Pick<AgentCalls, 'createArtifact' | 'getArtifact'>;
  readonly worktree: Worktree;
  readonly author: CommitAuthor;
  /** Where this work went on from. */
  readonly from: CheckpointData | undefined;
  readonly pace: CheckpointPace;
  readonly signal: AbortSignal;
  readonly report: (event: WorkEvent) => void;
  /** Told what kept a checkpoint from being made; the work goes on. */
  readonly onFailure: (error: unknown) => void;
}

/** Makes a checkpoint after every finished step of the agent, one at a time and at its pace; steps that end meanwhile share the next one. */
export interface CheckpointKeeper {
  look(state: RunState, turn: Turn): void;
  /** Ends when the checkpoint that is being made is reported. */
  settle(): Promise<void>;
}

/** A keeper for one run of the agent. */
export function checkpointKeeper(task: CheckpointsToKeep): CheckpointKeeper {
  const { assignment, worktree, from } = task;
  const { assignment_id: assignmentId, attempt, fencing_token: fencingToken } = assignment;
  const sessionId = openCodeId('ses', `${assignmentId}/${attempt}/${fencingToken}`);
  const before = from?.next_step ?? 0;
  let kept = 0;
  let commit = from?.commit;
  let bundleId = from?.bundle_artifact_id;
  let making: Promise<void> | undefined;

  const make = async (turn: Turn, steps: number) => {
    const next = await commitCheckpoint(worktree, task.author, commit);
    task.signal.throwIfAborted();
    if (next !== commit && next !== worktree.baseCommit) {
      const content = await bundleCheckpoint(worktree);
      task.pace.uploaded(content.length);
      const file = { path: 'iorch.bundle', mimeType: 'application/x-git-bundle', content };
      bundleId = await upload(task.calls, { assignmentId, fencingToken, signal: task.signal }, file);
    }
    commit = next;
    const data = {
      base_commit: worktree.baseCommit,
      commit,
      ...(bundleId === undefined ? {} : { bundle_artifact_id: bundleId }),
      next_step: before + steps,
      ...describeTurn(turn, sessionId),
    };
    task.report({ type: 'checkpoint', trigger: 'after_tool_use', data });
    kept = steps;
  };

  return {
    look(state, turn) {
      const steps = finishedSteps(turn);
      if (making || state.kind === 'done' || steps <= kept || task.signal.aborted || !task.pace.isDue()) return;
      making = make(turn, steps)
        .catch((error: unknown) => {
          // the same step is not tried for ever; the next one makes a checkpoint of both
          kept = steps;
          if (!task.signal.aborted) task.onFailure(error);
        })
        .finally(() => {
          making = undefined;
        });
    },
    settle: async () => making,
  };
}
