import type { KnipConfig } from 'knip';

/** Finds files nobody reaches, exports nobody imports, packages nobody uses. Every exception says why. */
const config: KnipConfig = {
  entry: [
    // Lambda functions: named by lib/, bundled by esbuild
    'functions/api/authorizer.ts',
    'functions/api/*/{command,query,handler}.ts',
    'functions/workflow/*.ts',
    'functions/events/*.ts',
    // loaded by the launcher after it found the project's own Node
    'apps/cli/main.ts',
    'scripts/*.{ts,mjs}',
    'bench/*.ts',
  ],
  project: ['{apps,bench,bin,functions,lib,scripts,test}/**/*.{ts,tsx,mjs}'],
  ignoreDependencies: [
    // the binaries are started by path, not imported
    '@dynoxide/linux-x64',
    'opencode-linux-x64',
  ],
  ignoreExportsUsedInFile: true,
};

export default config;
