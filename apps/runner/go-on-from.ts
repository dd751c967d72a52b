import { rm, writeFile } from 'node:fs/promises';
import type { AgentCalls } from './control-plane.ts';
import type { PreparedWorkspace } from './prepare-workspace.ts';
import { executionFailure } from './run-failure.ts';
import { download } from './transfer.ts';
import type { CheckpointData } from './work-checkpoint.ts';
import { restoreCheckpoint } from './workspace/checkpoint-commit.ts';

/** Brings the files of a checkpoint into a fresh worktree at its base commit. Throws RunFailure when they cannot be had. */
export async function goOnFrom(
  { base_commit, commit, bundle_artifact_id }: CheckpointData,
  {
    place,
    calls,
    assignmentId,
  }: {
    place: PreparedWorkspace;
    calls: Pick<AgentCalls, 'createArtifact' | 'getArtifact'>;
    assignmentId: string;
  },
): Promise<void> {
  if (place.baseCommit !== base_commit)
    throw executionFailure(`the checkpoint builds on ${base_commit}, the workspace on ${place.baseCommit}`);
  if (commit === base_commit) return;
  if (bundle_artifact_id === undefined) throw executionFailure('the checkpoint names no bundle of its files');
  const file = `${place.root}.restore`;
  await writeFile(file, await download(calls, assignmentId, bundle_artifact_id));
  try {
    await restoreCheckpoint(place, commit, file);
  } finally {
    await rm(file, { force: true });
  }
}
