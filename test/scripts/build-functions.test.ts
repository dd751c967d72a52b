import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildFunctions, deployedEntries } from '#scripts/build-functions';
import { type BundleSize, bundleSizes } from '#scripts/bundling/bundle-sizes';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'functions-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const build = (outdir = 'out', entries: Record<string, string> = { greeter: 'src/greeter.ts' }) =>
  buildFunctions({ root, outdir: join(root, outdir), entries });
const bundle = (outdir = 'out') => readFileSync(join(root, outdir, 'greeter/index.mjs'), 'utf8');

describe('the bundler', () => {
  it('makes an ES module of each function that runs by itself and keeps the names of its errors', async () => {
    write('src/words.json', '{"hello":"Hello"}');
    write(
      'src/greeter.ts',
      `import words from './words.json' with { type: 'json' };
       abstract class Refusal extends Error {
         override get name() { return this.constructor.name; }
       }
       class Impolite extends Refusal {}
       export const handler = async (name?: string) => {
         if (name === undefined) throw new Impolite();
         return words.hello + ' ' + name;
       };
       export const nameOfError = new Impolite().name;`,
    );
    await build();
    const module = await import(pathToFileURL(join(root, 'out/greeter/index.mjs')).href);
    expect(await module.handler('Ada')).toBe('Hello Ada');
    expect(module.nameOfError).toBe('Impolite');
  });

  it('makes the same bytes of the same sources', async () => {
    write('src/greeter.ts', "export const handler = (name: string) => 'Hello ' + name;");
    await build('first');
    await build('second');
    expect(bundle('first')).toBe(bundle('second'));
  });

  it('leaves nothing behind of functions that are gone', async () => {
    write('src/greeter.ts', 'export const handler = 1;');
    await build('out', { greeter: 'src/greeter.ts', former: 'src/greeter.ts' });
    await build();
    expect(readdirSync(join(root, 'out'))).toEqual(['greeter']);
  });

  it('maps our own lines, and of packages only where they come from', async () => {
    write('node_modules/far/index.js', 'export const far = (a) => { if (a) throw new Error(a); };');
    write('src/greeter.ts', "import { far } from 'far';\nexport const handler = (a: string) => far(a);");
    await build();
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(root, 'out/greeter/index.mjs.map'), 'utf8'));
    expect(sources.map((source: string) => source.replace(/^.*?(node_modules|src)\//, '$1/'))).toEqual([
      'node_modules/far/package.js',
      'src/greeter.ts',
    ]);
    expect(sourcesContent).toBeUndefined();
  });

  it('keeps of the package.json of a client of AWS its version only', async () => {
    const manifest = '{"name":"@aws-sdk/client-far","version":"3.1.4","description":"much that nobody reads"}';
    write('node_modules/@aws-sdk/client-far/package.json', manifest);
    write(
      'src/greeter.ts',
      "import far from '@aws-sdk/client-far/package.json';\nexport const handler = () => far.version;",
    );
    await build();
    expect(bundle()).not.toContain('nobody reads');
    const { handler } = await import(pathToFileURL(join(root, 'out/greeter/index.mjs')).href);
    expect(handler()).toBe('3.1.4');
  });

  it('refuses the locales of zod, which cost more than zod itself, and says what to do', async () => {
    write('node_modules/zod/v4/locales/de.js', 'export const hello = "Hallo";');
    write('src/greeter.ts', "import { hello } from 'zod/v4/locales/de.js';\nexport const handler = () => hello;");
    await expect(build()).rejects.toThrow("import zod with `import * as z from 'zod'`");
  });
});

describe('the bundles of the deployed functions', () => {
  const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
  let sizes: readonly BundleSize[];
  beforeAll(async () => {
    sizes = bundleSizes(await buildFunctions({ root: projectRoot, entries: deployedEntries() }));
  }, 60_000);

  it('are one for each function', () => {
    expect(sizes.map(({ name }) => name)).toEqual(Object.keys(deployedEntries()).sort());
  });

  it('are no larger than a quick start allows', () => {
    const tooLarge = sizes.flatMap(({ name, kilobytes, limit, largest }) =>
      kilobytes > limit ? [`${name} has ${kilobytes} kB, ${limit} are allowed. Most are of ${largest.join(', ')}`] : [],
    );
    expect(tooLarge).toEqual([]);
  });

  it('look for credentials in the environment only', () => {
    for (const { name, packages } of sizes)
      expect([name, packages.filter((each) => each.includes('credential-provider'))]).toEqual([
        name,
        packages.includes('@aws-sdk/core') ? ['@aws-sdk/credential-provider-env'] : [],
      ]);
  });
});
