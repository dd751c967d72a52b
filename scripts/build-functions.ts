import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { functions } from '#lib/functions';

/** Credential sources that a function never has: its credentials come from the environment. */
const UNUSED_CREDENTIAL_SOURCES = [
  ...['sso', 'ini', 'process', 'login', 'web-identity', 'http'].map((kind) => `@aws-sdk/credential-provider-${kind}`),
  '@smithy/credential-provider-imds',
];

/** Code that must not be in any bundle, and what to do instead. */
const FORBIDDEN = [{ pattern: /zod\/v4\/locales\/(?!en\.js)/, remedy: "import zod with `import * as z from 'zod'`" }];

/** A source map that says of a whole file only where it is from. */
const FOLDER_ONLY = Buffer.from(
  JSON.stringify({ version: 3, sources: ['package.js'], sourcesContent: [''], names: [], mappings: 'AAAA' }),
).toString('base64');

/** Leaves packages out of the source maps: Node reads the whole map at every cold start, and only our own lines are looked for. */
const mapOwnCodeOnly: Plugin = {
  name: 'map-own-code-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${FOLDER_ONLY}`,
      loader: 'js',
    }));
  },
};

export interface BuildOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder that receives `<name>/index.mjs`; what was there is removed. */
  readonly outdir: string;
  /** Function name → entry. */
  readonly entries: Readonly<Record<string, string>>;
}

/** Inputs that made it into an output, not those that were only looked at. */
const bundledInputs = ({ outputs }: Metafile) =>
  Object.entries(outputs).flatMap(([output, { inputs }]) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => ({ output, input })),
  );

/**
 * Bundles every function in one run: ESM for Node 24, minified, with names kept and a source map beside it. The same sources give the same bytes.
 * @throws Error when a bundle contains what it must not
 */
export const buildFunctions = async ({ root, outdir, entries }: BuildOptions): Promise<Metafile> => {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${name}/index`, entry])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: UNUSED_CREDENTIAL_SOURCES,
    plugins: [mapOwnCodeOnly],
    minify: true,
    // an error is logged under the name of its class
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const inputs = bundledInputs(metafile);
  for (const { pattern, remedy } of FORBIDDEN) {
    const found = inputs.find(({ input }) => pattern.test(input));
    if (found) throw new Error(`${found.output} contains ${found.input}: ${remedy}`);
  }
  return metafile;
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const entries = Object.fromEntries(Object.entries(functions).map(([name, { entry }]) => [name, entry]));
  const metafile = await buildFunctions({ root, outdir: `${root}dist/functions`, entries });
  await mkdir(`${root}dist`, { recursive: true });
  await writeFile(`${root}dist/functions.meta.json`, JSON.stringify(metafile));
}
