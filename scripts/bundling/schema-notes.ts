import ts from 'typescript';

const NOTES: ReadonlySet<string> = new Set(['meta', 'describe']);

/**
 * A contract without its descriptions and examples: `npm run generate` reads them from the sources, and no function does.
 * Lines stay where they are, so that a source map stays true.
 */
export const withoutSchemaNotes = (source: string): string => {
  const notes: (readonly [number, number])[] = [];
  const visit = (node: ts.Node): void => {
    const isNote =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      NOTES.has(node.expression.name.text);
    if (isNote) notes.push([node.expression.expression.end, node.end]);
    ts.forEachChild(isNote ? node.expression : node, visit);
  };
  visit(ts.createSourceFile('contract.ts', source, ts.ScriptTarget.Latest));
  return notes
    .toSorted(([a], [b]) => b - a)
    .reduce(
      (text, [start, end]) => text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, '') + text.slice(end),
      source,
    );
};
