import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const typescript = /\.(ts|tsx|mts)$/;
const production = sourceFiles(typescript, 'apps', 'bin', 'functions', 'lib', 'scripts');
const tests = sourceFiles(typescript, 'test', 'bench');
const all = [...production, ...tests];

const paths = (files: readonly SourceFile[]) => files.map(({ path }) => path);
const quantile = (files: readonly SourceFile[], share: number) => {
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
};

/** A statement that imports or re-exports, and what it names. */
const namedZod = /import\s*(?:type\s*)?\{[^}]*\}\s*from\s*['"]zod['"]/;
const isBarrel = ({ text }: { text: string }) => {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').trim();
  const rest = code
    .replace(/export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/g, '')
    .trim();
  return code !== '' && rest === '';
};

describe('the source files', () => {
  it('are seen by these tests', () => {
    expect(production.length).toBeGreaterThan(50);
    expect(paths(tests)).toContain('test/architecture/files.test.ts');
  });

  it('have at most 300 lines, tests 500', () => {
    const tooLong = [...production.filter(({ lines }) => lines > 300), ...tests.filter(({ lines }) => lines > 500)];
    expect(tooLong.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('stay within 80 lines in the median and 180 in the ninth tenth', () => {
    expect(quantile(production, 0.5)).toBeLessThanOrEqual(80);
    expect(quantile(production, 0.9)).toBeLessThanOrEqual(180);
  });

  it('never import { z } from zod, which bundles every locale', () => {
    expect(namedZod.test(['import { z } from', "'zod'"].join(' '))).toBe(true);
    expect(paths(all.filter(({ text }) => namedZod.test(text)))).toEqual([]);
  });

  it('replace no modules where tests share them', () => {
    const replaces = /\bvi\.(do)?mock\(/i;
    expect(replaces.test(['vi', "mock('#runtime/ports')"].join('.'))).toBe(true);
    const isolated = /^test\/(state-machines|events)\//;
    expect(paths(tests.filter(({ path, text }) => replaces.test(text) && !isolated.test(path)))).toEqual([]);
  });

  it('are no barrels', () => {
    expect(isBarrel({ text: "// everything\nexport * from './a.ts';\nexport { b } from './b.ts';\n" })).toBe(true);
    expect(isBarrel({ text: "export { b } from './b.ts';\nexport const c = 1;\n" })).toBe(false);
    expect(paths(all.filter(isBarrel))).toEqual([]);
  });

  it('have a name that says what they hold', () => {
    const vague = /(^|[-/])(manager|helper|helpers|util|utils|common|data|info|misc|shared)\.(ts|tsx|mts)$/;
    expect(vague.test('lib/string-utils.ts')).toBe(true);
    const exempt = ['lib/stacks/data.ts'];
    expect(paths(all).filter((path) => vague.test(path) && !exempt.includes(path))).toEqual([]);
  });

  it('need no build step: every TypeScript construct can be erased', () => {
    const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
    expect(compilerOptions).toMatchObject({ erasableSyntaxOnly: true, verbatimModuleSyntax: true, strict: true });
  });
});

describe('the toolchain', () => {
  it('is Node 24, as in Lambda', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });

  it('is pinned exactly', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const versions = Object.entries<string>({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('is locked without addresses', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved":|https?:\/\/(?!.*funding)[^"]*\.tgz/);
  });
});
