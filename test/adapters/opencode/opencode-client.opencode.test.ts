import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOpencodeClient } from '@opencode-ai/sdk/v2/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { watchForRest } from '#adapters/opencode/observation';
import { connectOpenCode, type OpenCodeClient, type OpenCodeRun } from '#adapters/opencode/opencode-client';
import { openCodeId } from '#adapters/opencode/opencode-id';
import { lastTextOf, usageOf } from '#adapters/opencode/turn';
import { type ModelSource, openModelSource } from '#apps/runner/model-source';
import { type OpenCodeServer, startOpenCodeServer } from '#apps/runner/opencode-server';
import { scripted } from '#test/support/an-assignment';
import { eventually } from '#test/support/eventually';

const world = mkdtempSync(path.join(tmpdir(), 'iorch-opencode-'));
const project = path.join(world, 'project');
let models: ModelSource;
let server: OpenCodeServer;
let client: OpenCodeClient;

beforeAll(async () => {
  mkdirSync(project);
  execFileSync('git', ['init', '--quiet', project]);
  models = await openModelSource({});
  const environment = { PATH: process.env['PATH'] ?? '', HOME: world };
  server = await startOpenCodeServer({
    ...{ folder: path.join(world, 'opencode'), pidFile: path.join(world, 'opencode.pid'), environment, models },
  });
  client = connectOpenCode(server);
}, 60_000);

afterAll(async () => {
  await server.stop();
  await models.close();
  rmSync(world, { recursive: true, force: true, maxRetries: 5 });
});

const session = { title: 'A run', permissions: [] };
let count = 0;
const aRun = (): OpenCodeRun => ({ key: `assignment-${++count}`, directory: project });

/** Looks until the run is what it should be. */
const until = (run: OpenCodeRun, kind: string) =>
  eventually(kind, async () => {
    const seen = await client.observe(run);
    return seen.state.kind === kind && seen;
  });

describe('a run in a real OpenCode server', { timeout: 60_000 }, () => {
  it('is one session and one prompt, however often both are sent', async () => {
    const run = aRun();
    await Promise.all([1, 2, 3].map(() => client.ensureSession(run, session)));
    const prompt = { text: scripted('usage 10 2', 'say Once.'), model: 'demo/scripted' };
    await Promise.all([1, 2, 3].map(() => client.ensurePrompt(run, prompt)));
    const { turn } = await until(run, 'done');
    await client.ensureSession(run, session);
    await client.ensurePrompt(run, prompt);
    expect((await client.observe(run)).state).toEqual({ kind: 'done' });
    expect([lastTextOf(turn), usageOf(turn).input]).toEqual(['Once.', 10]);

    const authorization = `Basic ${Buffer.from(`opencode:${server.password}`).toString('base64')}`;
    const sdk = createOpencodeClient({ baseUrl: server.baseUrl, directory: project, headers: { authorization } });
    const { data: messages } = await sdk.session.messages({ sessionID: openCodeId('ses', run.key) });
    expect(messages?.map(({ info, parts }) => [info.role, parts.filter(({ type }) => type === 'text').length])).toEqual(
      [
        ['user', 1],
        ['assistant', 1],
      ],
    );
  });

  it('belongs to one directory for good', async () => {
    const run = aRun();
    await client.ensureSession(run, session);
    await expect(client.ensureSession({ ...run, directory: world }, session)).rejects.toThrow('another directory');
  });

  it('is aborted with what its tools started, and stays so', async () => {
    const run = aRun();
    await client.ensureSession(run, session);
    await client.ensurePrompt(run, { text: scripted('bash sleep 56.6'), model: 'demo/scripted' });
    const sleeps = () =>
      execFileSync('ps', ['-eo', 'stat=,args='])
        .toString()
        .match(/^[^Z].*sleep 56\.6$/gm) ?? [];
    await eventually('the command', () => sleeps().length > 0);
    await client.abort(run);
    await until(run, 'aborted');
    expect(sleeps()).toEqual([]);
    await client.abort(run);
    expect((await client.observe(run)).state).toEqual({ kind: 'aborted' });
  });

  it('goes on after a permission was refused with a reason', async () => {
    const run = aRun();
    await client.ensureSession(run, { ...session, permissions: [{ permission: 'bash', pattern: '*', action: 'ask' }] });
    await client.ensurePrompt(run, { text: scripted('bash touch made.txt', 'say Went on.'), model: 'demo/scripted' });
    const { state } = await until(run, 'needs-permission');
    if (state.kind === 'needs-permission') await client.rejectPermission(run, state.requests[0]!.id, 'not here');
    const { turn } = await until(run, 'done');
    expect(lastTextOf(turn)).toBe('Went on.');
  });

  it('does not start with a model that the server does not have', async () => {
    const run = aRun();
    await client.ensureSession(run, session);
    await client.ensurePrompt(run, { text: 'Hello', model: 'demo/unknown' });
    const rests = watchForRest(1_000);
    const seen = await eventually('rest', async () => {
      const { state, turn } = await client.observe(run);
      return rests(state, turn, performance.now()) && { kind: state.kind, turn };
    });
    expect(seen).toEqual({ kind: 'not-started', turn: [] });
  });
});

describe('a call to OpenCode', () => {
  it('is refused with the wrong password', async () => {
    const stranger = connectOpenCode({ baseUrl: server.baseUrl, password: 'guessed' });
    await expect(stranger.checkHealth()).rejects.toMatchObject({ name: 'OpenCodeError', status: 401 });
  });

  it('ends when nobody answers in time', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const waiting = connectOpenCode({ baseUrl: `http://127.0.0.1:${port}`, password: 'x' }, 100);
    await expect(waiting.checkHealth()).rejects.toMatchObject({ name: 'OpenCodeError', status: undefined });
  });

  it('ends when nobody is there', async () => {
    const nobody = connectOpenCode({ baseUrl: 'http://127.0.0.1:9', password: 'x' });
    await expect(nobody.checkHealth()).rejects.toMatchObject({ name: 'OpenCodeError' });
  });
});
