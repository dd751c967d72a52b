import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const CLASS = /^\s*(?:export )?(?:abstract )?class (\w+)[^{\n]*\{/gm;

/**
 * Our errors are known by the names of their classes, which minifying takes away. Keeping every name of every package as well, as esbuild
 * can do, costs each bundle 25 kB.
 */
export const ownClassNames: Plugin = {
  name: 'own-class-names',
  setup({ onLoad }) {
    // packages are JavaScript
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      // on the line of the class, so that the source map stays true
      contents: (await readFile(path, 'utf8')).replaceAll(CLASS, "$& static name = '$1';"),
      loader: 'ts',
    }));
  },
};
