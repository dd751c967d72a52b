import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '#apps/cli/context';
import { makeProgram } from '#apps/cli/program';
import { cliWorld } from '#test/apps/cli/cli-world';
import { aProblem, type Responder } from '#test/support/fake-api';

const ID = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';

/** Every command of `iorch train`, as somebody calls it. */
const commands: readonly string[][] = [
  ['dataset', 'create', 'Verified'],
  ['dataset', 'list'],
  ['dataset', 'get', ID],
  ['dataset', 'items', ID],
  ['dataset', 'download', ID],
  ['dataset', 'delete', ID],
  ['job', 'create', '--base', 'b', '--model', 'm'],
  ['job', 'estimate', '--base', 'b', '--model', 'm'],
  ['job', 'list'],
  ['job', 'get', ID],
  ['job', 'start', ID],
  ['job', 'cancel', ID],
  ['job', 'retry', ID],
  ['job', 'metrics', ID],
  ['job', 'events', ID],
  ['job', 'watch', ID],
  ['model', 'list'],
  ['model', 'get', 'coder'],
  ['model', 'get', 'coder', '1.0.0'],
  ['model', 'versions', 'coder'],
  ['model', 'history', 'coder'],
  ['model', 'promote', 'coder', '1.0.0'],
  ['model', 'rollback', 'coder'],
  ['model', 'archive', 'coder', '1.0.0'],
  ['model', 'challenge', 'coder', '--percent', '20'],
  ['model', 'compare', 'coder'],
];

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

const leavesOf = (command: Command, path: readonly string[] = []): string[] =>
  command.commands.length === 0
    ? [path.join(' ')]
    : command.commands.flatMap((inner) => leavesOf(inner, [...path, inner.name()]));

describe('a command of iorch train', () => {
  it('stands in the table above', () => {
    const program = makeProgram({} as Context, () => undefined);
    const train = program.commands.find((command) => command.name() === 'train') ?? expect.fail('there is no train');
    const known = new Set(commands.map(([group, name]) => `${group} ${name}`));
    expect(leavesOf(train).filter((leaf) => !known.has(leaf))).toEqual([]);
  });

  const refusals = [
    { status: 403, code: 'FORBIDDEN', detail: 'a lead has to do it', remedy: 'Ask a lead.', exit: 3 },
    { status: 404, code: 'DATASET_NOT_FOUND', detail: 'there is none', remedy: 'Look at the list.', exit: 2 },
    { status: 409, code: 'DATASET_NOT_READY', detail: 'not ready', remedy: 'Wait for dataset.ready.', exit: 3 },
    { status: 422, code: 'DATASET_EMPTY', detail: 'no samples', remedy: 'See its counts.', exit: 2 },
  ];
  const refused = commands.flatMap((args, index) =>
    [args, [...args, '--json']].map((all, json) => ({ args: all, ...refusals[(index + json) % refusals.length] })),
  );

  it.each(refused)(
    '$args says that it is refused with $status and what to do, on the side for messages, and is not 0',
    async ({ args, exit, status = 0, code = '', detail = '', remedy = '' }) => {
      const body = aProblem({ status, code, detail, remedy });
      const { iorch, out, err } = await open(() => ({ status, body }));
      expect(await iorch('train', ...args)).toBe(exit);
      for (const part of [detail, `→ ${remedy}`, code]) expect(err()).toContain(part);
      expect(out()).toBe('');
    },
  );

  it.each(commands)('%s %s says so when there is no API', async (...args) => {
    const { iorch, err, api } = await open(() => undefined);
    await api.close();
    expect(await iorch('train', ...args)).toBe(4);
    expect(err()).toContain('→ Is it running?');
  });
});

describe('what is no request', () => {
  const aFile = (content: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'iorch-')), 'job.json');
    writeFileSync(file, content);
    return file;
  };

  it.each(['[]', 'null', '"x"', '1', '{', ''])('%j in a file is refused before anybody is asked', async (content) => {
    const { iorch, err, api } = await open(() => ({ body: {} }));
    const file = aFile(content);
    expect(await iorch('train', 'job', 'create', '--file', file)).toBe(2);
    expect(err()).toContain(file);
    expect(err()).not.toContain('unexpected:');
    expect(api.seen).toEqual([]);
  });

  it.each([
    ['--epochs', 'three'],
    ['--learning-rate', ''],
    ['--lora-rank', '1e'],
  ])('%s %j is refused before anybody is asked', async (option, value) => {
    const { iorch, err, api } = await open(() => ({ body: {} }));
    expect(await iorch('train', 'job', 'create', '--base', 'b', '--model', 'm', option, value)).toBe(2);
    expect(err()).toContain('It must be a number.');
    expect(api.seen).toEqual([]);
  });
});

it('job list asks for every filter that there is', async () => {
  const { iorch, api, err } = await open(() => ({ body: { items: [], next_cursor: 'c' } }));
  const filters = ['--status', 'failed', '--base', 'acme/base', '--model', 'coder', '--provider', 'simulated'];
  expect(await iorch('train', 'job', 'list', ...filters)).toBe(0);
  expect(api.seen[0]?.query).toMatchObject({
    ...{ status: 'failed', base_model: 'acme/base', target_model_name: 'coder', provider: 'simulated' },
  });
  expect(err()).toContain('--base acme/base');
});
