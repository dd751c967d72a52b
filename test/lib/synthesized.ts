import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '#scripts/local/file-lock';
import { inputHash } from '#scripts/local/input-hash';

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
  readonly Properties: any;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Stack {
  readonly stackName: string;
  readonly terminationProtection: boolean;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly template: Template;
}

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** What one plugin of the CDK's validation found. */
export interface CheckReport {
  readonly pluginName: string;
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly (Violation & { readonly reason: string })[];
}

/** What a stage is deployed from; stacks by their name without `iorch-<stage>-`. */
export interface Synthesis {
  readonly stacks: Readonly<Record<string, Stack>>;
  readonly checks: readonly CheckReport[];
}

/** A resource: its logical id and its properties. */
// biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
export type Found = any;

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
