import { isDeepStrictEqual } from 'node:util';
import { type Expression, parseExpression } from './parse-expression.ts';
import { Refused } from './refused.ts';
import { StateError } from './state-error.ts';

/** What an expression may name: variables, and `states`. */
export type Scope = Readonly<Record<string, unknown>>;

const failure = (why: string) => new StateError('States.QueryEvaluationError', why);

const text = (value: unknown, name: string): string => {
  if (typeof value !== 'string') throw failure(`$${name} takes a string, not ${JSON.stringify(value)}`);
  return value;
};

const number = (value: unknown, name: string): number => {
  if (typeof value !== 'number') throw failure(`${name} takes numbers, not ${JSON.stringify(value)}`);
  return value;
};

const isTrue = (value: unknown) => {
  if (typeof value === 'object' && value !== null)
    throw new Refused('the runner', 'what an object or a list means as a condition is not in its JSONata');
  return Boolean(value);
};

const shown = (value: unknown) => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** In all but these a missing argument makes the result missing. */
const FOR_MISSING: readonly string[] = ['exists', 'not'];

const FUNCTIONS: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  exists: (value) => value !== undefined,
  not: (value) => (value === undefined ? undefined : !isTrue(value)),
  string: shown,
  length: (value) => [...text(value, 'length')].length,
  contains: (value, part) => text(value, 'contains').includes(text(part, 'contains')),
  substring: (value, start, length) => {
    const from = number(start, '$substring');
    if (from < 0) throw new Refused('the runner', 'a negative start of $substring is not in its JSONata');
    const end = length === undefined ? undefined : from + number(length, '$substring');
    return [...text(value, 'substring')].slice(from, end).join('');
  },
};

const compare = (operator: string, left: unknown, right: unknown): unknown => {
  if (left === undefined || right === undefined) return undefined;
  const comparable = typeof left === typeof right && ['number', 'string'].includes(typeof left);
  if (!comparable) throw failure(`${JSON.stringify(left)} ${operator} ${JSON.stringify(right)} cannot be compared`);
  const [one, other] = [left as number, right as number];
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
};

const calculate = (operator: string, left: unknown, right: unknown): unknown => {
  if (left === undefined || right === undefined) return undefined;
  const [one, other] = [number(left, operator), number(right, operator)];
  if (operator === '+') return one + other;
  return operator === '-' ? one - other : one * other;
};

const equal = (left: unknown, right: unknown) =>
  left !== undefined && right !== undefined && isDeepStrictEqual(left, right);

const binary = ({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): unknown => {
  const one = evaluated(left, scope);
  if (operator === 'and') return isTrue(one) && isTrue(evaluated(right, scope));
  if (operator === 'or') return isTrue(one) || isTrue(evaluated(right, scope));
  const other = evaluated(right, scope);
  switch (operator) {
    case '=':
      return equal(one, other);
    case '!=':
      return one !== undefined && other !== undefined && !equal(one, other);
    case '&':
      return shown(one) + shown(other);
    case '+':
    case '-':
    case '*':
      return calculate(operator, one, other);
    default:
      return compare(operator, one, other);
  }
};

const fieldOf = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) throw new Refused('the runner', `the path .${name} leads through a list`);
  return typeof value === 'object' && value !== null ? (value as Scope)[name] : undefined;
};

const evaluated = (expression: Expression, scope: Scope): unknown => {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'variable':
      return scope[expression.name];
    case 'field':
      return fieldOf(evaluated(expression.of, scope), expression.name);
    case 'call': {
      const given = expression.given.map((each) => evaluated(each, scope));
      if (given[0] === undefined && !FOR_MISSING.includes(expression.name)) return undefined;
      return FUNCTIONS[expression.name]?.(...given);
    }
    case 'binary':
      return binary(expression, scope);
  }
};

const WHOLE = /^\{%([\s\S]*)%\}$/;

/**
 * A field of a definition, ready to be evaluated: every `{% … %}` in it is parsed at once.
 * Evaluating throws a StateError where an expression has no result.
 * @throws Refused for an expression that is not in the runner's JSONata
 */
export const template = (value: unknown, where: string): ((scope: Scope) => unknown) => {
  if (typeof value === 'string') {
    const source = WHOLE.exec(value)?.[1];
    if (source === undefined && value.includes('{%'))
      throw new Refused(where, `"${value}" is an expression in part only`);
    if (source === undefined) return () => value;
    const expression = parseExpression(source, where, Object.keys(FUNCTIONS));
    return (scope) => {
      const result = evaluated(expression, scope);
      if (result === undefined) throw failure(`${where}: ${value} has no result`);
      return result;
    };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => template(item, `${where}[${index}]`));
    return (scope) => items.map((item) => item(scope));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => [name, template(field, `${where}.${name}`)] as const);
    return (scope) => Object.fromEntries(fields.map(([name, field]) => [name, field(scope)]));
  }
  return () => value;
};
