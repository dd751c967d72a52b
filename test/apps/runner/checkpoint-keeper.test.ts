import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkpointKeeper } from '#apps/runner/checkpoint-keeper';
import type { CheckpointPace } from '#apps/runner/checkpoint-pace';
import type { WorkEvent } from '#apps/runner/control-plane';
import { openCachedRepository } from '#apps/runner/workspace/repository-cache';
import { addWorktree } from '#apps/runner/workspace/worktree';
import { modelMessage } from '#test/adapters/opencode/a-turn';
import { anAssignment } from '#test/support/an-assignment';
import { anOrigin, temporaryFolder, writeFiles } from '#test/support/git-world';

const aStorage = async () => {
  const server = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
};

/** Work in a worktree whose steps each write a file. */
const someWork = async (pace: CheckpointPace) => {
  const folder = temporaryFolder();
  const origin = anOrigin({ 'a.txt': 'a\n' });
  const repository = await openCachedRepository(path.join(folder, 'cache'), { remote: origin.folder });
  const worktree = await addWorktree(repository, path.join(folder, 'one'));
  const url = await aStorage();
  const expires_at = '2026-05-04T12:15:00.000Z';
  const events: WorkEvent[] = [];
  const keeper = checkpointKeeper({
    assignment: anAssignment(),
    calls: {
      createArtifact: async () => ({
        ...{ artifact_id: `B${events.length}`, upload_url: url, method: 'PUT' as const, headers: {}, expires_at },
      }),
      getArtifact: async () => ({ ...{ artifact_id: 'B', download_url: url, expires_at, size_bytes: 1, sha256: '' } }),
    },
    ...{ worktree, author: { name: 'Somebody', email: 'some@body' }, from: undefined, pace },
    signal: new AbortController().signal,
    report: (event) => events.push(event),
    onFailure: (error) => {
      throw error;
    },
  });
  const look = async (steps: number) => {
    const turn = Array.from({ length: steps }, (_, index) => modelMessage(`m${index}`));
    keeper.look({ kind: 'running' }, turn);
    await keeper.settle();
  };
  const step = async (steps: number) => {
    writeFiles(worktree.root, { 'b.txt': `${steps}\n` });
    await look(steps);
  };
  return { step, look, events };
};

describe('the keeper of checkpoints', () => {
  it('leaves steps out that end before the next one is due, and makes one of them all then', async () => {
    let isDue = true;
    const sizes: number[] = [];
    const { step, look, events } = await someWork({ isDue: () => isDue, uploaded: (bytes) => sizes.push(bytes) });
    await step(1);
    isDue = false;
    await step(2);
    await step(3);
    expect(events).toHaveLength(1);
    isDue = true;
    await look(3);
    await look(3);
    expect(events).toMatchObject([
      { type: 'checkpoint', data: { next_step: 1, bundle_artifact_id: 'B0' } },
      { type: 'checkpoint', data: { next_step: 3, bundle_artifact_id: 'B1' } },
    ]);
    expect(sizes).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('notes no upload where no file has changed', async () => {
    const sizes: number[] = [];
    const { look, events } = await someWork({ isDue: () => true, uploaded: (bytes) => sizes.push(bytes) });
    await look(1);
    expect(events).toMatchObject([{ type: 'checkpoint', data: { next_step: 1 } }]);
    expect(sizes).toEqual([]);
  });
});
