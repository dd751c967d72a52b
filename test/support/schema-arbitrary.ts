import fc from 'fast-check';

/** The part of JSON Schema that the API's description uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

type Arbitrary = fc.Arbitrary<unknown>;

const MAX_DEPTH = 8;
const STRINGS = [
  '',
  ' ',
  'constructor',
  '__proto__',
  'registry/coder:toString',
  'x',
  'https://example.com/a.git',
  '2026-11-20T12:00:00.000Z',
  'ﷺ',
  '\u0000',
  '\ud800',
  '../..',
  "' OR 1=1",
];

/** What an arbitrary is made with: the named schemas, and the ids that are put wherever one may stand. */
export interface Known {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly ids: readonly string[];
}

type ByType = Readonly<Record<string, (schema: JsonSchema, depth: number) => Arbitrary>>;

/** Values that fit a schema mostly, and miss it often enough. */
export const arbitraryOf = (schema: JsonSchema | undefined, { schemas, ids }: Known): Arbitrary => {
  const junk: Arbitrary = fc.jsonValue({ maxDepth: 2 });

  const byType: ByType = {
    integer: ({ minimum = -9, maximum = 9 }) =>
      fc.integer({ min: Math.max(minimum, -1e9), max: Math.min(maximum, 1e9) }),
    number: () => fc.double({ noNaN: true, noDefaultInfinity: true }),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    string: ({ maxLength = 40 }) =>
      fc.oneof(fc.string({ maxLength: Math.min(maxLength, 40) }), fc.constantFrom(...STRINGS, ...ids)),
    array: ({ items = {} }, depth) => fc.array(build(items, depth + 1), { maxLength: 3 }),
    object: ({ properties = {}, required = [] }, depth) => {
      const fields = Object.entries(properties).map(([name, inner]) => [name, build(inner, depth + 1)]);
      const record: Readonly<Record<string, Arbitrary>> = Object.fromEntries(fields);
      return fc.record(record, { requiredKeys: required.filter((name) => name in properties) });
    },
  };

  const named = (ref: string, depth: number): Arbitrary => {
    const name = ref.split('/').at(-1) ?? '';
    return name === 'Ulid' ? fc.constantFrom(...ids) : exact(schemas[name] ?? {}, depth + 1);
  };

  const exact = (one: JsonSchema, depth: number): Arbitrary => {
    if (depth >= MAX_DEPTH) return junk;
    if (one.$ref) return named(one.$ref, depth);
    const values = one.const === undefined ? one.enum : [one.const];
    if (values) return fc.constantFrom(...values);
    const some = one.anyOf ?? one.oneOf;
    if (some) return fc.oneof(...some.map((inner) => exact(inner, depth + 1)));
    return byType[[one.type].flat()[0] ?? '']?.(one, depth) ?? junk;
  };

  const build = (one: JsonSchema, depth: number): Arbitrary =>
    fc.oneof({ arbitrary: exact(one, depth), weight: 12 }, { arbitrary: junk, weight: 1 });

  return build(schema ?? {}, 0);
};
