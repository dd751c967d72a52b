import type { Found, Stack } from '#test/lib/synthesis';

/** One statement of a policy, in plain words: intrinsic functions of the template are resolved. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What is asked of IAM. A context key that a request does not have is absent. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[] | undefined>>;
}

const list = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one as T]);

/** Resolves names of resources within and between the templates of a stage to words that only need to be equal or not. */
const resolverOf = (stacks: Readonly<Record<string, Stack>>) => {
  const exported = new Map<string, unknown>();
  for (const { template } of Object.values(stacks)) {
    for (const output of Object.values(template.Outputs ?? {}) as Found[]) {
      if (output.Export) exported.set(output.Export.Name, output.Value);
    }
  }
  const resolve = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, Found>);
    switch (name) {
      case 'Fn::GetAtt':
        return `<${argument.join('.')}>`;
      case 'Ref':
        return `<${argument}>`;
      case 'Fn::Join':
        return argument[1].map(resolve).join(argument[0]);
      case 'Fn::ImportValue':
        return resolve(exported.get(argument));
      default:
        throw new Error(`the policy evaluator does not know ${name}`);
    }
  };
  return resolve;
};

/** Whether a statement could concern the table: other services have other rules. */
const isOnTable = ({ Action }: Found) => list<string>(Action).some((action) => /^(dynamodb:|\*)/.test(action));

/** Every statement on tables of the policies of a role, from the templates. @throws Error for what the evaluator cannot judge */
export const statementsOf = (
  stacks: Readonly<Record<string, Stack>>,
  isRole: (logicalId: string) => boolean,
): Statement[] => {
  const resolve = resolverOf(stacks);
  const resources = Object.values(stacks).flatMap(({ template }) => Object.entries(template.Resources));
  const policies = resources.filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::IAM::Policy' && Properties.Roles.some((role: { Ref: string }) => isRole(role.Ref)),
  );
  return policies.flatMap(([, { Properties }]) =>
    (Properties.PolicyDocument.Statement as Found[]).filter(isOnTable).map((statement) => {
      const { Effect, Action, Resource, Condition = {}, Sid: _, ...more } = statement;
      if (Object.keys(more).length > 0) throw new Error(`the policy evaluator does not know ${Object.keys(more)}`);
      const conditions = Object.fromEntries(
        Object.entries(Condition as Record<string, Record<string, unknown>>).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, list(values).map(resolve)])),
        ]),
      );
      return { effect: Effect, actions: list<string>(Action), resources: list(Resource).map(resolve), conditions };
    }),
  );
};

/** Whether a text fits a pattern with `*` and `?`. */
export const isLike = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

type Context = AccessRequest['context'];

/** A pattern with its policy variables filled in; undefined when the request lacks one: then nothing fits it. */
const filledIn = (pattern: string, context: Context): string | undefined => {
  let isComplete = true;
  const text = pattern.replace(/\$\{([^}]+)\}/g, (_, key: string) => {
    const [value] = context[key] ?? [];
    isComplete &&= value !== undefined;
    return value ?? '';
  });
  return isComplete ? text : undefined;
};

type Operator = (patterns: readonly (string | undefined)[], values: readonly string[] | undefined) => boolean;

const fits = (patterns: readonly (string | undefined)[], value: string) =>
  patterns.some((pattern) => pattern !== undefined && isLike(pattern, value));
const equals = (patterns: readonly (string | undefined)[], value: string) => patterns.includes(value);

const OPERATORS: Readonly<Record<string, Operator>> = {
  // true when the key is absent: that is AWS's rule, and why Null stands beside it
  'ForAllValues:StringLike': (patterns, values = []) => values.every((value) => fits(patterns, value)),
  'ForAllValues:StringEquals': (patterns, values = []) => values.every((value) => equals(patterns, value)),
  StringLike: (patterns, values = []) => values.length > 0 && values.every((value) => fits(patterns, value)),
  StringEquals: (patterns, values = []) => values.length > 0 && values.every((value) => equals(patterns, value)),
  Null: ([expected], values) => String(values === undefined) === expected,
};

const holds = ({ conditions }: Statement, context: Context): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) => {
      const judge = OPERATORS[operator];
      if (judge === undefined) throw new Error(`the policy evaluator does not know ${operator}`);
      return judge(
        patterns.map((pattern) => filledIn(pattern, context)),
        context[key],
      );
    }),
  );

const concerns = (statement: Statement, { action, resource, context }: AccessRequest): boolean =>
  statement.actions.some((pattern) => isLike(pattern, action)) &&
  statement.resources.some((pattern) => isLike(pattern, resource)) &&
  holds(statement, context);

/** What IAM answers: nothing is allowed that no statement allows, and a Deny wins. */
export const isAllowed = (statements: readonly Statement[], request: AccessRequest): boolean => {
  const concerned = statements.filter((statement) => concerns(statement, request));
  return concerned.length > 0 && concerned.every(({ effect }) => effect === 'Allow');
};
