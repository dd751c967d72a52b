import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise as cruiseModules, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface Cruise {
  readonly modules: readonly string[];
  readonly violations: readonly Violation[];
}

const configuration = resolve('.dependency-cruiser.mjs');

export const ruleNames = async (): Promise<string[]> => {
  const { ruleSet } = await extractOptions(configuration);
  return (ruleSet?.forbidden ?? []).map(({ name }) => name ?? 'unnamed');
};

/** Cruises folders of a tree by the repository's rules. */
export const cruise = async (folders: readonly string[], baseDir = process.cwd()): Promise<Cruise> => {
  const options = await extractOptions(configuration);
  const { output } = await cruiseModules([...folders], { ...options, baseDir });
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: modules.map((module) => module.source).filter((source) => !source.includes('node_modules/')),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
};

/** Cruises a tree that holds just these files, beside the repository's package imports and named packages. */
export const cruiseFiles = async (
  files: Readonly<Record<string, string>>,
  manifest: Readonly<Record<string, unknown>>,
): Promise<Cruise> => {
  const root = await mkdtemp(join(tmpdir(), 'iorch-imports-'));
  try {
    const tree = { ...files, 'package.json': JSON.stringify(manifest), 'tsconfig.json': '{}' };
    for (const [path, text] of Object.entries(tree)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const folders = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''));
    folders.delete('node_modules');
    return await cruise([...folders], root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};
