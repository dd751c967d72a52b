import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { withoutSchemaNotes } from './schema-notes.ts';

const CLASS = /^\s*(?:export )?(?:abstract )?class (\w+)[^{\n]*\{/gm;

/**
 * Our errors are known by the names of their classes, which minifying takes away. Keeping every name of every package as well, as esbuild
 * can do, costs each bundle 25 kB.
 */
const withClassNames = (source: string): string =>
  // on the line of the class, so that the source map stays true
  source.replaceAll(CLASS, "$& static name = '$1';");

/** Our own sources: classes keep their names, contracts leave out what only the API's description says. */
export const ownSources: Plugin = {
  name: 'own-sources',
  setup({ onLoad }) {
    // packages are JavaScript
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = withClassNames(await readFile(path, 'utf8'));
      return { contents: /[\\/]contracts[\\/]/.test(path) ? withoutSchemaNotes(source) : source, loader: 'ts' };
    });
  },
};
