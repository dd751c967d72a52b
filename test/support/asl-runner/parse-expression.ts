import { Refused } from './refused.ts';

export type Expression =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const TOKEN = /\s*(?:('[^'\\]*'|"[^"\\]*")|(\d+(?:\.\d+)?)|(\$?[A-Za-z_]\w*)|(!=|<=|>=|[=<>&.(),+*-]))/y;

const tokensOf = (text: string, where: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Refused(where, `"${text.slice(at).trim()}" is not in the runner's JSONata`);
    tokens.push(found[0].trim());
  }
  return tokens;
};

const STRENGTH: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '&': 4,
  '+': 4,
  '-': 4,
  '*': 5,
};

const CONSTANTS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

/**
 * The part of JSONata that our machines use: constants, variables, paths, comparisons, `and`, `or`, `&`, sums and calls.
 * @throws Refused for everything else
 */
export const parseExpression = (text: string, where: string, functions: readonly string[]): Expression => {
  const tokens = tokensOf(text, where);
  const refuse = (token: string | undefined) =>
    new Refused(where, token === undefined ? `"${text}" ends too early` : `"${token}" is not understood in "${text}"`);
  const take = (expected?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected)) throw refuse(token);
    return token;
  };

  const given = (): Expression[] => {
    take('(');
    const list: Expression[] = [];
    while (tokens[0] !== ')') {
      if (list.length > 0) take(',');
      list.push(weakerThan(0));
    }
    take(')');
    return list;
  };

  const named = (token: string): Expression => {
    const name = token.slice(1);
    if (tokens[0] !== '(') return { kind: 'variable', name };
    if (!functions.includes(name)) throw new Refused(where, `the function $${name} is not in the runner's JSONata`);
    return { kind: 'call', name, given: given() };
  };

  const operand = (): Expression => {
    const token = take();
    if (token === '(') {
      const inner = weakerThan(0);
      take(')');
      return inner;
    }
    if (/^['"]/.test(token)) return { kind: 'literal', value: token.slice(1, -1) };
    if (/^\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token in CONSTANTS) return { kind: 'literal', value: CONSTANTS[token] };
    if (token.startsWith('$')) return named(token);
    throw refuse(token);
  };

  const path = (): Expression => {
    let at = operand();
    while (tokens[0] === '.') {
      take('.');
      const name = take();
      if (!/^[A-Za-z_]/.test(name)) throw refuse(name);
      at = { kind: 'field', of: at, name };
    }
    return at;
  };

  const weakerThan = (strength: number): Expression => {
    let left = path();
    for (let next = STRENGTH[tokens[0] ?? ''] ?? 0; next > strength; next = STRENGTH[tokens[0] ?? ''] ?? 0)
      left = { kind: 'binary', operator: take(), left, right: weakerThan(next) };
    return left;
  };

  const whole = weakerThan(0);
  if (tokens.length > 0) throw refuse(tokens[0]);
  return whole;
};
