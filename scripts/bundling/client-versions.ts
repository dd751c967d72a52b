import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The clients of AWS say their version in each request, and read nothing else of their package.json: the rest stays out of bundles. */
export const clientVersions: Plugin = {
  name: 'client-versions',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/@aws-sdk\/[^/]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
