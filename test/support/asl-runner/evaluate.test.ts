import { describe, expect, it } from 'vitest';
import { template } from './evaluate.ts';
import { Refused } from './refused.ts';

const scope = { a: 'x', n: 1, nothing: null, list: [1], states: { input: { b: { c: 3 } } } };
const evaluate = (expression: string) => template(`{% ${expression} %}`, 'State.Field')(scope);

describe("the runner's JSONata", () => {
  it.each([
    ["$a = 'x'", true],
    ['$a != "x"', false],
    ["$missing = 'x'", false],
    ["$missing != 'x'", false],
    ['$nothing = null', true],
    ['$states.input.b.c >= 3 and $n < 2', true],
    ['$n > 1 or $n <= 0', false],
    ["$n = 1 or 'x' < 2", true],
    ["$n = 2 and 'x' < 2", false],
    ['1 + 2 * 3 - 4', 3],
    ['(1 + 2) * 3', 9],
    ["'a' & $missing & 1 & $states.input", 'a1{"b":{"c":3}}'],
    ['$exists($missing)', false],
    ['$exists($a)', true],
    ['$not($n = 1)', false],
    ['$string($n)', '1'],
    ["$length('a𝒳')", 2],
    ["$contains('abc', 'b')", true],
    ["$substring('héllo', 1, 2)", 'él'],
    ["$substring('abc', 1)", 'bc'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each(['$missing', '$states.input.z', '$nothing.x', '$missing < 1', '$n + $missing', '$substring($missing, 0, 1)'])(
    '%s has no result, which fails the state',
    (expression) => {
      expect(() => evaluate(expression)).toThrow(/States\.QueryEvaluationError.* has no result/);
    },
  );

  it.each(['$a < 1', '$a + 1', '$length(1)', "$substring('abc', 'x')"])('%s fails the state', (expression) => {
    expect(() => evaluate(expression)).toThrow('States.QueryEvaluationError');
  });

  it.each([
    '$now()',
    '$states.input.b[0]',
    '{"a": 1}',
    '$n ? 1 : 2',
    "'it\\'s'",
    '$n =',
    '($n',
    '$n $n',
    'field',
    '$n.1',
    '$exists($n $n)',
    '$list.x',
    '$not($list)',
    "$substring('abc', -1)",
  ])('%s is refused', (expression) => {
    expect(() => evaluate(expression)).toThrow(Refused);
  });

  it('is evaluated wherever it stands, and leaves the rest as it is', () => {
    const value = { text: 'plain', number: 1, list: ['{% $n %}', { deep: '{%$a%}' }], nothing: null };
    expect(template(value, 'State')(scope)).toEqual({
      text: 'plain',
      number: 1,
      list: [1, { deep: 'x' }],
      nothing: null,
    });
  });

  it('is the whole of a string', () => {
    expect(() => template('so {% $n %}', 'State.Field')).toThrow(
      new Refused('State.Field', '"so {% $n %}" is an expression in part only'),
    );
  });
});
