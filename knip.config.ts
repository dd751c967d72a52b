import type { KnipConfig } from 'knip';
import { functions } from './lib/functions.ts';

/** Finds files nobody reaches, exports nobody imports, packages nobody uses. Every exception says why. */
const config: KnipConfig = {
  entry: [
    // bundled by esbuild, deployed by name
    ...Object.values(functions).map(({ entry }) => entry),
    // named by cdk.json
    'bin/app.ts',
    // loaded by the launcher after it found the project's own Node
    'apps/cli/main.ts',
    'scripts/*.{ts,mjs}',
    // gone on with by scripts/*.mjs under the project's own Node
    'scripts/local/{start,stop,reset,test}.ts',
  ],
  project: ['{apps,bench,bin,functions,lib,scripts,test}/**/*.{ts,tsx,mjs}'],
  ignoreDependencies: [
    // named by cdk.json
    'tsx',
    // started by name
    'aws-cdk',
  ],
  ignoreExportsUsedInFile: true,
};

export default config;
