import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliWorld } from '#test/apps/cli/cli-world';
import { aProblem } from '#test/support/fake-api';

let folder: string;
let world: Awaited<ReturnType<typeof cliWorld>>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'iorch-runner-'));
});
afterEach(async () => {
  await world.api.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('iorch runner', () => {
  it('registers with its options and the key', async () => {
    world = await cliWorld(() => ({
      status: 403,
      body: aProblem({ status: 403, code: 'FORBIDDEN', detail: 'not with this key' }),
    }));
    const options = ['--name', 'my runner', '--concurrency', '3', '--capabilities', 'debugging, documentation'];
    expect(await world.iorch('runner', '--work-dir', folder, ...options)).toBe(3);
    expect(world.api.seen[0]).toMatchObject({
      path: '/api/v1/agents/external/register',
      headers: { authorization: 'Bearer iorch_test_key' },
      body: { name: 'MY-RUNNER', max_concurrent_tasks: 3, capabilities: ['debugging', 'documentation'] },
    });
    expect(world.err()).toContain('not with this key');
  });

  it('says what to do when another runner of its name is alive', async () => {
    const detail = 'an agent named X is registered and not offline';
    world = await cliWorld(() => ({
      status: 409,
      body: aProblem({ status: 409, code: 'AGENT_ALREADY_EXISTS', detail }),
    }));
    expect(await world.iorch('runner', '--work-dir', folder, '--name', 'X')).toBe(3);
    expect(world.err()).toContain(detail);
    expect(world.err()).toContain('another --name');
  });

  it('says what is missing without a stack trace', async () => {
    world = await cliWorld();
    expect(await world.iorch('runner', '--work-dir', folder, '--opencode-config', join(folder, 'gone.json'))).toBe(2);
    expect(world.err()).toMatch(/iorch: .*gone\.json/);
    expect(world.err()).not.toContain('    at ');
  });

  it.each([
    ['--concurrency', '0'],
    ['--concurrency', '33'],
    ['--keep-worktrees', 'some'],
  ])('refuses %s %s', async (...args) => {
    world = await cliWorld();
    expect(await world.iorch('runner', '--work-dir', folder, ...args)).toBe(2);
    expect(world.api.seen).toEqual([]);
  });

  it('tells in its help what the reduced environment does not protect from', async () => {
    world = await cliWorld();
    await world.iorch('runner', '--help');
    expect(world.out()).toContain('not against a hostile agent');
  });
});
