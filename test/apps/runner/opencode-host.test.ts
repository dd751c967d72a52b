import { describe, expect, it } from 'vitest';
import type { OpenCodeClient } from '#adapters/opencode/opencode-client';
import { openCodeHost } from '#apps/runner/opencode-host';
import { secretFilter } from '#apps/runner/secret-filter';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A host whose servers are played, and whose clock and memory the test moves. */
function aHost() {
  const world = { now: 0, memory: 0, closed: 0 };
  const servers: { folder: string; pidFile: string; isAlive: boolean; answers: boolean }[] = [];
  const models = {
    ...{ description: 'a played model', configuration: {}, environment: {} },
    close: async () => void (world.closed += 1),
  };
  const host = openCodeHost({
    ...{ folder: '/runner/opencode', environment: {}, models, secrets: secretFilter(), log: () => undefined },
    now: () => world.now,
    memoryOf: async () => world.memory,
    async launch({ folder, pidFile }) {
      const played = { folder, pidFile, isAlive: true, answers: true };
      servers.push(played);
      const client = {
        async checkHealth() {
          if (!played.answers) throw new Error('it hangs');
        },
      } as unknown as OpenCodeClient;
      const stop = async () => void (played.isAlive = false);
      return {
        server: {
          ...{ pid: servers.length, password: `p${servers.length}`, stop },
          howEnded: () => (played.isAlive ? undefined : 'by the signal SIGKILL'),
        },
        client,
      };
    },
  });
  const alive = () => servers.flatMap(({ isAlive }, index) => (isAlive ? [index] : []));
  /** Uses a server until the test says that the work is done. */
  const work = async () => {
    let done: () => void = () => undefined;
    let discard: () => Promise<void> = async () => undefined;
    const isDone = new Promise<void>((resolve) => {
      done = resolve;
    });
    let using: Promise<void> = Promise.resolve();
    await new Promise<void>((resolve) => {
      using = host.use(async (inUse) => {
        discard = inUse.discard;
        resolve();
        await isDone;
      });
    });
    return {
      discard: () => discard(),
      end: () => {
        done();
        return using;
      },
    };
  };
  return { host, world, servers, alive, work };
}

describe('the host of OpenCode', () => {
  it('starts a server when it is first needed, and lets all work share it', async () => {
    const { host, alive, work, servers, world } = aHost();
    expect(alive()).toEqual([]);
    const both = await Promise.all([work(), work()]);
    expect(alive()).toEqual([0]);
    expect(servers[0]).toMatchObject({ folder: '/runner/opencode/0', pidFile: '/runner/opencode.pid' });
    for (const one of both) await one.end();
    expect(alive()).toEqual([0]);
    await host.close();
    expect([alive(), world.closed]).toEqual([[], 1]);
  });

  it('ends a server that nobody needed for 15 minutes, and not one that works for longer', async () => {
    const { host, world, alive, work } = aHost();
    const long = await work();
    world.now += HOUR;
    await host.tend();
    expect(alive()).toEqual([0]);
    await long.end();
    world.now += 15 * MINUTE - 1;
    await host.tend();
    expect(alive()).toEqual([0]);
    world.now += 1;
    await host.tend();
    expect(alive()).toEqual([]);
    await (await work()).end();
    expect(alive()).toEqual([1]);
  });

  it.each([
    ['old', { now: 6 * HOUR + 1, memory: 0 }],
    ['large', { now: 0, memory: 2 * 1024 ** 3 }],
  ])('gives new work to another server when one is %s, which ends with the work it has', async (_, condition) => {
    const { world, alive, work, servers } = aHost();
    const early = await work();
    Object.assign(world, condition);
    const late = await work();
    expect(alive()).toEqual([0, 1]);
    expect(servers[1]).toMatchObject({ folder: '/runner/opencode/1', pidFile: '/runner/opencode-1.pid' });
    world.memory = 0;
    await early.end();
    expect(alive()).toEqual([1]);
    await late.end();
    expect(alive()).toEqual([1]);
  });

  it('replaces a server that died, that does not answer, or that was discarded', async () => {
    const { alive, work, servers } = aHost();
    await (await work()).end();
    Object.assign(servers[0] ?? {}, { isAlive: false });
    await (await work()).end();
    expect(alive()).toEqual([1]);
    Object.assign(servers[1] ?? {}, { answers: false });
    const third = await work();
    expect(alive()).toEqual([2]);
    await third.discard();
    expect(alive()).toEqual([]);
    await third.end();
    await (await work()).end();
    expect(alive()).toEqual([3]);
  });

  it('tries anew after a server could not be started', async () => {
    let failures = 1;
    const { models } = aHost().host;
    const host = openCodeHost({
      ...{ folder: '/runner/opencode', environment: {}, models, secrets: secretFilter(), log: () => undefined },
      memoryOf: async () => undefined,
      async launch() {
        failures -= 1;
        if (failures >= 0) throw new Error('no binary');
        const server = { pid: 1, password: 'p', howEnded: () => undefined, stop: async () => undefined };
        return { server, client: {} as OpenCodeClient };
      },
    });
    await expect(host.use(async () => 'done')).rejects.toThrow('no binary');
    expect(await host.use(async () => 'done')).toBe('done');
  });
});
