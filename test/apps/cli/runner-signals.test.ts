import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '#test/support/eventually';

const registration = {
  ...{ agent_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E9', auth_token: 'eapt_x', token_id: 'x' },
  heartbeat_interval_seconds: 30,
};

/** A control plane that never answers a claim, so that a runner cannot end as it would like to. */
const aSilentControlPlane = async () => {
  const claims: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/claim')) return void claims.push(response);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url?.endsWith('/register') ? registration : { directives: [], leases: [] }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, claims };
};

/** Starts a runner, as if by an older Node where `preload` pretends it, and waits until it works. */
const startRunner = async (preload = '') => {
  const plane = await aSilentControlPlane();
  const home = mkdtempSync(join(tmpdir(), 'iorch-signals-'));
  const options = preload === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  const command = [...options, resolve('apps/cli/bin/iorch.mjs'), 'runner', '--work-dir', join(home, 'work')];
  const env = { PATH: process.env['PATH'], HOME: home, IORCH_API_URL: plane.url, IORCH_API_KEY: 'iorch_test_x' };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const exited = new Promise<number | null>((end) => child.once('close', end));
  onTestFinished(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // its group is gone
    }
    rmSync(home, { recursive: true, force: true });
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  await eventually('a claim', () => plane.claims.length > 0);
  return { child, exited, saysThatItEnds: () => output.includes('a second signal ends at once') };
};

it('a runner says that it ends at the first signal, and ends at once at the second', { timeout: 60_000 }, async () => {
  const { child, exited, saysThatItEnds } = await startRunner();
  child.kill('SIGINT');
  await eventually('a word about the end', saysThatItEnds);
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await exited).toBe(130);
});

it('a runner ends as by a signal when the launcher that started it is killed', { timeout: 60_000 }, async () => {
  const { child, saysThatItEnds } = await startRunner(
    "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });",
  );
  child.kill('SIGKILL');
  await eventually('a word about the end', saysThatItEnds);
});
