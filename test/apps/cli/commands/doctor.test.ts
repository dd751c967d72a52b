import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFacts } from '#apps/cli/package-facts';
import { cliWorld } from '#test/apps/cli/cli-world';
import { aProblem, type SeenRequest } from '#test/support/fake-api';

const { version } = packageFacts();
// the world's clock stands at 12:00:30
const health = { status: 'healthy', version, stage: 'local', region: 'us-east-1', time: '2026-05-01T12:00:31.000Z' };
const me = {
  principal: { kind: 'service', id: 'p', name: 'build' },
  tenant: { id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8', name: 'Acme' },
  role: 'member',
  operations: ['create_session', 'register_external_agent'],
  api_version: version,
};

let folder: string;
let world: Awaited<ReturnType<typeof cliWorld>>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'iorch-doctor-'));
});
afterEach(async () => {
  await world.api.close();
  rmSync(folder, { recursive: true, force: true });
});

const answering =
  (facts: object, whoami: object | null = me) =>
  ({ path }: SeenRequest) => {
    if (path === '/health') return { body: { ...health, ...facts } };
    if (path !== '/api/v1/me') return undefined;
    return whoami ? { body: whoami } : { status: 401, body: aProblem({ status: 401, code: 'UNAUTHENTICATED' }) };
  };

/** A world with this machine's programs; Node plays OpenCode, which takes long to say its version. */
const aWorldWith = async (...given: Parameters<typeof cliWorld>) => {
  world = await cliWorld(...given);
  Object.assign(world.env, { PATH: process.env['PATH'], OPENCODE_BINARY: process.execPath });
};

const examine = async () => {
  const code = await world.iorch('doctor', '--json', '--work-dir', folder);
  const { checks } = JSON.parse(world.out()) as { checks: { check: string; status: string; detail: string }[] };
  return { code, found: Object.fromEntries(checks.map(({ check, ...rest }) => [check, rest])) };
};

describe('iorch doctor', () => {
  it('prints a line for each check and what it comes to', async () => {
    await aWorldWith(answering({}));
    expect(await world.iorch('doctor', '--work-dir', folder)).toBe(0);
    const lines = world.out().split('\n');
    expect(lines[0]).toBe(`ok    api          ${world.api.url} answers, stage local in us-east-1`);
    expect(lines).toContain('ok    clock        1.0 s behind the API');
    expect(lines).toContain('ok    key          build, member of Acme (IORCH_API_URL)');
    expect(lines.at(-1)).toMatch(/^Everything/);
  });

  it('warns of another version and of a key that may not do what it is for', async () => {
    await aWorldWith(answering({ version: '0.0.1' }, { ...me, operations: ['create_session'] }));
    const { code, found } = await examine();
    expect(code).toBe(0);
    expect(found).toMatchObject({
      version: { status: 'warn', detail: `${version}, but the API is 0.0.1` },
      key: { status: 'ok' },
      'runner key': { status: 'warn', detail: expect.stringContaining('may not register runners') },
    });
  });

  it.each([
    ['2026-05-01T12:00:40.000Z', 'warn', 0],
    ['2026-05-01T12:06:00.000Z', 'fail', 1],
    ['2026-05-01T11:54:00.000Z', 'fail', 1],
  ])('tells that the clock is off when the API says %s: %s', async (time, status, exit) => {
    await aWorldWith(answering({ time }));
    const { code, found } = await examine();
    expect(found['clock']).toMatchObject({ status });
    expect(code).toBe(exit);
  });

  it('fails as refused when the key is not known', async () => {
    await aWorldWith(answering({}, null));
    const { code, found } = await examine();
    expect(code).toBe(3);
    expect(found['key']).toMatchObject({ status: 'fail' });
  });

  it('fails as not reachable when nobody answers, and still looks at the machine', async () => {
    await aWorldWith();
    world.env['IORCH_API_URL'] = 'http://127.0.0.1:1';
    const { code, found } = await examine();
    expect(code).toBe(4);
    expect(found['api']).toMatchObject({ status: 'fail', remedy: expect.stringContaining('npm start') });
    expect(found['key']).toBeUndefined();
    expect(found['node']).toMatchObject({ status: 'ok' });
  });

  it('fails with what to do when no API is configured', async () => {
    await aWorldWith();
    world.env['IORCH_API_URL'] = '';
    const { code, found } = await examine();
    expect(code).toBe(2);
    expect(found['api']).toMatchObject({ status: 'fail', remedy: expect.stringContaining('npm start') });
  });
});
