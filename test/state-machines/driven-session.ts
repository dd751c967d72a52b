import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Granted } from '#application/claim-assignments';
import { functions } from '#lib/functions';
import { aWorkspace } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { readMachine } from '#test/support/asl-runner/definition';
import { brokenInvariants, notAtRest } from '#test/support/broken-invariants';
import { aDrivenWorld, type DrivenWorld } from '#test/support/driven-world';
import type { NewWork, WorldOptions } from '#test/support/world';

export const A_DAY = 86_400;

const root = path.join(import.meta.dirname, '../..');
const machine = readMachine(readFileSync(path.join(root, 'state-machines/session-lifecycle.asl.json'), 'utf8'));

let current: DrivenWorld | undefined;
const theWorld = () => {
  if (current === undefined) throw new Error('no world was made');
  return current;
};

/** Stand in for the modules of runtime/ in a test file that mocks them. */
export const portsOfTheWorld = { ports: () => ({ ...theWorld(), storeOf: () => theWorld().store }) };
export const tokensOfTheWorld = { tokens: () => theWorld().tokens };

/** The deployed entries, by the names that the definition has for them. */
const handlers = new Map<string, (event: unknown) => Promise<unknown>>();
export const loadHandlers = async (): Promise<void> => {
  for (const [name, { entry }] of Object.entries(functions)) {
    if (!entry.startsWith('functions/workflow/')) continue;
    const token = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    // an instance of its own: another test file may have loaded the one with the real ports
    handlers.set(`${token}Function`, (await import(`${path.join(root, entry)}?driven`)).handler);
  }
};
const handlerOf = (functionName: string) => {
  const handler = handlers.get(functionName);
  if (handler === undefined) throw new Error(`there is no function ${functionName}`);
  return handler;
};

export const aWorld = async (options: WorldOptions = {}): Promise<DrivenWorld> => {
  current = await aDrivenWorld({ machine, handlerOf, ...options });
  return current;
};

/** Started work with one check and time for a day. */
export const work: NewWork = { start: true, maxDurationSeconds: A_DAY, input: { workspace: aWorkspace() } };

/** An agent takes the next work of the queue. */
export const claimNext = async (world: DrivenWorld, agentId: string): Promise<Granted> => {
  const { granted } = await world.claim(agentId, { leaseSeconds: A_DAY });
  if (granted[0] === undefined) throw new Error('nothing was granted');
  return granted[0];
};

/** A session on which an agent works, driven so far by its execution. */
export const working = async (options: WorldOptions = {}) => {
  const world = await aWorld(options);
  const session = await world.create(work);
  await world.settle();
  const agent = await world.agent();
  const granted = await claimNext(world, agent.id);
  return { world, session, agent, granted, execution: world.executionOf(session.id) };
};

const passed = [{ name: 'tests', exitCode: 0, durationMs: 1, output: '' }];

/** The agent has done the work, and its check passes. */
export const handIn = async (world: DrivenWorld, granted: Granted): Promise<void> => {
  await world.submit(granted, { result: aResult({ verification: passed }) });
  await world.settle();
};

export const statusOf = async (world: DrivenWorld, id: string): Promise<string> =>
  (await world.store.getSession(id)).status;

export const restsIn = async (world: DrivenWorld, id: string, status: string): Promise<void> => {
  expect(await statusOf(world, id)).toBe(status);
  expect(brokenInvariants(world.items())).toEqual([]);
  expect(notAtRest(world.items())).toEqual([]);
};
