import type { KnipConfig } from 'knip';
import { functions } from './lib/functions.ts';

/** Finds files nobody reaches, exports nobody imports, packages nobody uses. Every exception says why. */
const config: KnipConfig = {
  entry: [
    // bundled by esbuild, deployed by name
    ...Object.values(functions).map(({ entry }) => entry),
    // loaded by the launcher after it found the project's own Node
    'apps/cli/main.ts',
    'scripts/*.{ts,mjs}',
  ],
  project: ['{apps,bench,bin,functions,lib,scripts,test}/**/*.{ts,tsx,mjs}'],
  ignoreDependencies: [
    // puts Node 24 first on PATH for npm scripts and npx; nobody imports it
    'node',
    // programs started by path
    '@dynoxide/linux-x64',
    'opencode-linux-x64',
  ],
  ignoreExportsUsedInFile: true,
};

export default config;
