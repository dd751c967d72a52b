import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A source map that says of a whole file only where it is from. */
const FOLDER_ONLY = Buffer.from(
  JSON.stringify({ version: 3, sources: ['package.js'], sourcesContent: [''], names: [], mappings: 'AAAA' }),
).toString('base64');

/** Leaves packages out of the source maps: Node reads the whole map at every cold start, and only our own lines are looked for. */
export const mapOwnCodeOnly: Plugin = {
  name: 'map-own-code-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${FOLDER_ONLY}`,
      loader: 'js',
    }));
  },
};
