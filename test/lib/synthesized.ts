import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '#scripts/local/file-lock';
import { inputHash } from '#scripts/local/input-hash';
import type { Found, Resource, Stack, Synthesis } from '#test/lib/synthesis';

const folder = '.local/test-templates';
const patienceMs = 60_000;

const inputs = ['bin', 'lib', 'functions', 'state-machines', 'test/lib/synthesize.ts', 'cdk.json', 'package-lock.json'];

/** Makes room: of other inputs, nothing is asked again. */
const forgetOthers = (hash: string) => {
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.json') && !file.startsWith(hash)) rmSync(join(folder, file), { force: true });
  }
};

/** Loading the CDK takes longer than all tests of a file: who asks first synthesizes for every later file and run. */
const remembered = async (context: Readonly<Record<string, string>>): Promise<Synthesis> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hash = inputHash(process.cwd(), inputs).slice(0, 16);
  const name = Object.entries(context).map(([key, value]) => `-${key}=${encodeURIComponent(value)}`);
  const file = join(folder, `${hash}${name.join('')}.json`);
  if (!existsSync(file)) {
    await withLock(join(folder, 'lock'), patienceMs, async () => {
      if (existsSync(file)) return;
      forgetOthers(hash);
      const { synthesize } = await import('#test/lib/synthesize');
      writeFileSync(`${file}.part`, JSON.stringify(synthesize(context)));
      renameSync(`${file}.part`, file);
    });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
};

/** The templates of a stage as they are deployed, with empty functions. */
export const synthesized = async (context: Readonly<Record<string, string>> = {}) => {
  const { stacks, checks } = await remembered(context);
  const stackNamed = (name: string): Stack => {
    const stack = stacks[name];
    if (stack === undefined) throw new Error(`no stack ${name}, but ${Object.keys(stacks).join(', ')}`);
    return stack;
  };
  const resourcesOf = (type: string): Record<string, Resource> =>
    Object.fromEntries(
      Object.values(stacks).flatMap(({ template }) =>
        Object.entries(template.Resources).filter(([, { Type }]) => Type === type),
      ),
    );
  const all = (type: string): Found[] =>
    Object.entries(resourcesOf(type)).map(([id, { Properties }]) => ({ id, ...Properties }));
  return { stacks, checks, stackNamed, resourcesOf, all };
};
