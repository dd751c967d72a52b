import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { functions } from '#lib/functions';
import { clientVersions } from './bundling/client-versions.ts';
import { environmentCredentials } from './bundling/environment-credentials.ts';
import { mapOwnCodeOnly } from './bundling/map-own-code-only.ts';
import { noJsonSchema } from './bundling/no-json-schema.ts';
import { ownSources } from './bundling/own-sources.ts';
import { packedJson } from './bundling/packed-json.ts';

/** Code that must not be in any bundle, and what to do instead. */
const FORBIDDEN = [{ pattern: /zod\/v4\/locales\/(?!en\.js)/, remedy: "import zod with `import * as z from 'zod'`" }];

export interface BuildOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder that receives `<name>/index.mjs`; what was there is removed. Without one nothing is written. */
  readonly outdir?: string;
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
 * Bundles every function in one run: ESM for Node 24, minified, with the names of our classes kept and a source map beside it. The same sources give the same bytes.
 * @throws Error when a bundle contains what it must not
 */
export const buildFunctions = async ({ root, outdir, entries }: BuildOptions): Promise<Metafile> => {
  if (outdir) await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${name}/index`, entry])),
    outdir: outdir ?? `${root}/dist/functions`,
    write: outdir !== undefined,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // the first that takes a file has it
    plugins: [environmentCredentials, clientVersions, packedJson, noJsonSchema, ownSources, mapOwnCodeOnly],
    minify: true,
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

/** Every function of the stacks. */
export const deployedEntries = (): Record<string, string> =>
  Object.fromEntries(Object.entries(functions).map(([name, { entry }]) => [name, entry]));

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const metafile = await buildFunctions({ root, outdir: `${root}dist/functions`, entries: deployedEntries() });
  await mkdir(`${root}dist`, { recursive: true });
  await writeFile(`${root}dist/functions.meta.json`, JSON.stringify(metafile));
}
