import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { makeClient } from '#contracts/client';
import { type CloudFolder, cloudFolder, makePrivateFolder } from '#scripts/local/cloud-folder';
import { recordedEmulator } from '#scripts/local/emulator';
import { type LocalCloud, startLocalCloud, stopLocalCloud } from '#scripts/local/local-cloud';
import { writePrivateJson } from '#scripts/local/private-file';
import { identify } from '#scripts/local/process-identity';
import { processesWith } from './own-runner.ts';
import { ended, eventually, script } from './work.ts';

const PATIENCE_MS = 600_000;

let folder: CloudFolder;
beforeAll(() => {
  const tests = dirname(inject('cloud').stack.sample_repository);
  folder = cloudFolder(`${tests}-killed`);
  makePrivateFolder(folder.path);
  writePrivateJson(`${folder.path}/owner.json`, identify(process.pid));
});
afterAll(async () => {
  await stopLocalCloud(folder);
  rmSync(folder.path, { recursive: true, force: true });
});

/** What `npm start` does in the folder, and what it says. */
const start = async () => {
  const written = vi.spyOn(process.stdout, 'write');
  try {
    const cloud = await startLocalCloud(folder, { keepsState: true, port: 'usual', training: inject('training') });
    return { cloud, said: written.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    written.mockRestore();
  }
};

const member = ({ stack }: LocalCloud) => makeClient({ baseUrl: stack.api_url, credential: stack.keys.member });
const create = (cloud: LocalCloud, fields: { prompt: string; start?: boolean }) =>
  member(cloud).call('createSession', { body: { title: 'Kept or lost', ...fields } });

const look = (cloud: LocalCloud, { id }: { id: string }) =>
  member(cloud).call('getSession', { params: { session_id: id } });

it(
  'a local cloud whose emulator is killed starts again with what was saved and goes on with it, says what is lost, and works',
  async () => {
    const first = await start();
    const kept = await create(first.cloud, { prompt: 'Wait.' });
    const begun = await create(first.cloud, { prompt: script('sleep 8000', 'say Done.'), start: true });
    await eventually('work', async () => (await look(first.cloud, begun)).activity === 'working' || undefined);
    await stopLocalCloud(folder);
    const second = await start();
    expect(second.said).not.toContain('lost');
    expect(second.said).toMatch(/Work under way, gone on with +\S+ s {2}1\n/);
    expect(await ended(begun.id, member(second.cloud))).toMatchObject({ status: 'completed', attempt: 1 });
    const lost = await create(second.cloud, { prompt: 'Wait.' });
    const workers = await processesWith(folder.temp);
    expect(workers).not.toEqual([]);

    process.kill(recordedEmulator(folder)?.pid ?? 0, 'SIGKILL');
    const { cloud, said } = await start();
    expect(said).toContain('the last one was killed: what came after the last npm stop is lost');
    expect((await processesWith(folder.temp)).filter((pid) => workers.includes(pid))).toEqual([]);
    expect(await look(cloud, kept)).toMatchObject({ id: kept.id, status: 'pending' });
    await expect(look(cloud, lost)).rejects.toMatchObject({ problem: { code: 'SESSION_NOT_FOUND' } });
    const { id } = await create(cloud, { prompt: script('say Alive.'), start: true });
    expect(await ended(id, member(cloud))).toMatchObject({ status: 'completed' });
  },
  PATIENCE_MS,
);
