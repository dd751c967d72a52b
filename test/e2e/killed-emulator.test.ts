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
import { ended, script } from './work.ts';

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
    const cloud = await startLocalCloud(folder, { keepsState: true, port: 'usual' });
    return { cloud, said: written.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    written.mockRestore();
  }
};

const member = ({ stack }: LocalCloud) => makeClient({ baseUrl: stack.api_url, credential: stack.keys.member });
const create = (cloud: LocalCloud, fields: { prompt: string; start?: boolean }) =>
  member(cloud).call('createSession', { body: { title: 'Kept or lost', ...fields } });

it(
  'a local cloud whose emulator is killed starts again with what was saved, says what is lost, and works',
  async () => {
    const first = await start();
    const kept = await create(first.cloud, { prompt: 'Wait.' });
    await stopLocalCloud(folder);
    const second = await start();
    expect(second.said).not.toContain('lost');
    const lost = await create(second.cloud, { prompt: 'Wait.' });
    const workers = await processesWith(folder.temp);
    expect(workers).not.toEqual([]);

    process.kill(recordedEmulator(folder)?.pid ?? 0, 'SIGKILL');
    const { cloud, said } = await start();
    expect(said).toContain('the last one was killed: what came after the last npm stop is lost');
    expect((await processesWith(folder.temp)).filter((pid) => workers.includes(pid))).toEqual([]);
    const look = ({ id }: { id: string }) => member(cloud).call('getSession', { params: { session_id: id } });
    expect(await look(kept)).toMatchObject({ id: kept.id, status: 'pending' });
    await expect(look(lost)).rejects.toMatchObject({ problem: { code: 'SESSION_NOT_FOUND' } });
    const { id } = await create(cloud, { prompt: script('say Alive.'), start: true });
    expect(await ended(id, member(cloud))).toMatchObject({ status: 'completed' });
  },
  PATIENCE_MS,
);
