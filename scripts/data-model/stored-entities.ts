import ts from 'typescript';
import { TABLE } from '#adapters/dynamodb/table';
import type { TypedSources } from './typed-sources.ts';

export interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** What its declaration says of it. */
  readonly meaning: string;
}

/** One kind of item in the table. */
export interface StoredEntity {
  /** Value of its attribute `entity`. */
  readonly name: string;
  /** The function of the table that makes its key. */
  readonly key: string;
  readonly attributes: readonly Attribute[];
}

/** What every item has, or what only finds it. */
const STORAGE: ReadonlySet<string> = new Set([
  ...['entity', 'rev', 'revision', TABLE.pk, TABLE.sk, TABLE.ttl],
  ...Object.values(TABLE.indexes).flatMap(({ pk, sk }) => [pk, sk]),
]);

const withoutUndefined = (text: string) => text.replace(/ \| undefined$/, '').replace(/^undefined \| /, '');

/** The values of a closed list, in an order that does not hang on what else was compiled; undefined for any other type. */
const valuesOf = (type: ts.Type): string | undefined => {
  const members = type.isUnion() ? type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined)) : [type];
  const values = members.flatMap((member) => (member.isStringLiteral() ? [`'${member.value}'`] : []));
  return values.length === members.length ? values.toSorted().join(' | ') : undefined;
};

/** As it was written, which is shorter than what it means. */
const writtenType = ({ valueDeclaration }: ts.Symbol): string | undefined =>
  valueDeclaration && ts.isPropertySignature(valueDeclaration)
    ? valueDeclaration.type?.getText().replace(/\s+/g, ' ')
    : undefined;

const attributesOf = (type: ts.Type, at: ts.Node, checker: ts.TypeChecker): Attribute[] =>
  type
    .getProperties()
    .filter(({ name }) => !STORAGE.has(name))
    .map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const of = checker.getTypeOfSymbolAtLocation(property, at);
      return {
        name: property.name,
        type: withoutUndefined(valuesOf(of) ?? writtenType(property) ?? checker.typeToString(of, at)),
        optional,
        meaning: ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll('\n', ' '),
      };
    })
    .toSorted((a, b) => Number(a.optional) - Number(b.optional));

const KEYS = 'keys';

/** `keys.sessionKey(…)`, or a variable that holds it, as `sessionKey`. */
const builderOf = (node: ts.Expression, checker: ts.TypeChecker): string | undefined => {
  if (ts.isIdentifier(node)) {
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initializer && builderOf(initializer, checker);
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  return ts.isIdentifier(expression) && expression.text === KEYS ? name.text : undefined;
};

/** `put('agent', keys.agentKey(…), write)` and `putNew('holder', keys.holderKey(…), write.holder)`. */
const fromCall = (node: ts.CallExpression, checker: ts.TypeChecker): StoredEntity | undefined => {
  const [name, key, value] = node.arguments;
  if (!name || !ts.isStringLiteral(name) || !key || !value) return undefined;
  const builder = builderOf(key, checker);
  if (builder === undefined) return undefined;
  const type = checker.getTypeAtLocation(value);
  const after = type.getProperty('after');
  const stored = after ? checker.getTypeOfSymbolAtLocation(after, value) : type;
  return { name: name.text, key: builder, attributes: attributesOf(stored, value, checker) };
};

/** `{ ...wait, entity: 'wait', ...keys.waitKey(…) }`. */
const fromLiteral = (node: ts.ObjectLiteralExpression, checker: ts.TypeChecker): StoredEntity | undefined => {
  const name = node.properties
    .filter(ts.isPropertyAssignment)
    .filter((property) => ts.isIdentifier(property.name) && property.name.text === 'entity')
    .map(({ initializer }) => (ts.isStringLiteral(initializer) ? initializer.text : undefined))[0];
  if (name === undefined) return undefined;
  const builder = node.properties
    .filter(ts.isSpreadAssignment)
    .map(({ expression }) => builderOf(expression, checker))
    .find((found) => found !== undefined);
  if (builder === undefined) throw new Error(`the entity ${name} is put under a key that table.ts did not make`);
  return { name, key: builder, attributes: attributesOf(checker.getTypeAtLocation(node), node, checker) };
};

/** Every kind of item that the adapter puts into the table, by name. */
export const storedEntities = ({ files, checker }: TypedSources): readonly StoredEntity[] => {
  const found = new Map<string, StoredEntity>();
  const visit = (node: ts.Node): void => {
    const called = ts.isCallExpression(node) ? fromCall(node, checker) : undefined;
    const entity = called ?? (ts.isObjectLiteralExpression(node) ? fromLiteral(node, checker) : undefined);
    if (entity) found.set(entity.name, entity);
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
};
