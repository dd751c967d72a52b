import ts from 'typescript';
import * as table from '#adapters/dynamodb/table';
import type { TypedSources } from './typed-sources.ts';

/** A function that makes keys, with what it makes of placeholders. */
export interface KeyBuilder {
  readonly name: string;
  readonly pk: string;
  /** Absent when it makes the partition key of an index or a list. */
  readonly sk?: string;
}

/** Placeholders that the type alone does not give. */
const EXAMPLES: Readonly<Record<string, unknown>> = { stream: 'session:<session>' };

const placeholder = (name: string): string =>
  `<${name.replace(/Id$/, '').replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)}>`;

const exampleOf = (name: string, type: ts.Type, checker: ts.TypeChecker): unknown => {
  if (name in EXAMPLES) return EXAMPLES[name];
  const first = type.isUnion() ? type.types[0] : type;
  if (first?.isStringLiteral()) return first.value;
  if (type.flags & ts.TypeFlags.Number) return 1;
  if (type.flags & ts.TypeFlags.String) return placeholder(name);
  return Object.fromEntries(
    type
      .getProperties()
      .map((property) => [property.name, exampleOf(property.name, checker.getTypeOfSymbol(property), checker)]),
  );
};

const made = (name: string, key: unknown): KeyBuilder | undefined => {
  if (typeof key === 'string') return { name, pk: key };
  const { pk, sk } = key as Partial<table.Key>;
  return pk === undefined || sk === undefined ? undefined : { name, pk, sk };
};

/** Every exported function of the table that makes a key or a partition, in the order of the file. */
export const keyBuilders = ({ table: source, checker }: TypedSources): readonly KeyBuilder[] => {
  const module = checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('table.ts exports nothing');
  return checker.getExportsOfModule(module).flatMap((symbol) => {
    const build = (table as Record<string, unknown>)[symbol.name];
    if (typeof build !== 'function') return [];
    const parameters = checker.getTypeOfSymbol(symbol).getCallSignatures()[0]?.getParameters() ?? [];
    const types = parameters.map((parameter) => checker.getTypeOfSymbol(parameter));
    // what takes a key apart makes none
    if (types.some((type) => type.getProperty('pk'))) return [];
    const examples = parameters.map(({ name }, index) => exampleOf(name, types[index] as ts.Type, checker));
    return made(symbol.name, build(...examples)) ?? [];
  });
};
