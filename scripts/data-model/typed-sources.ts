import { readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.join(import.meta.dirname, '../..');
const ADAPTER = path.join(ROOT, 'functions/adapters/dynamodb');

/** The sources of the table's adapter with their types. */
export interface TypedSources {
  readonly files: readonly ts.SourceFile[];
  readonly table: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

/** Reads the adapter as the compiler does. Takes a second or two. */
export const typedSources = (): TypedSources => {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const paths = readdirSync(ADAPTER).map((name) => path.join(ADAPTER, name));
  const program = ts.createProgram(paths, options);
  const files = paths.flatMap((each) => program.getSourceFile(each) ?? []);
  const table = files.find(({ fileName }) => path.basename(fileName) === 'table.ts');
  if (table === undefined) throw new Error('the adapter has no table.ts');
  return { files, table, checker: program.getTypeChecker() };
};
