import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const exportedNames = (source: string): string[] => [
  ...[...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name = '']) => name),
  ...[...source.matchAll(/^export \{ \w+ as (\w+) \}/gm)].map(([, name = '']) => name),
];

/** Every schema of zod can describe itself as JSON Schema, which costs each bundle 20 kB. Only `npm run generate` asks for it. */
export const noJsonSchema: Plugin = {
  name: 'no-json-schema',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/ }, async ({ path }) => {
      const names = exportedNames(await readFile(path, 'utf8'));
      const refuse = "() => { throw new Error('a bundled function makes no JSON Schema'); }";
      return {
        contents: [`const refuse = ${refuse};`, ...names.map((name) => `export { refuse as ${name} };`)].join('\n'),
        loader: 'js',
      };
    });
  },
};
