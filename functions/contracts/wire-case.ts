import { wireName } from '#domain/wire-name';

/** Maps whose keys are the client's own words and stay as they are. */
const OPAQUE: ReadonlySet<string> = new Set([
  'agent_config',
  'agentConfig',
  'metadata',
  'labels',
  'permissions',
  'payload',
  'data',
  'checkpoint_data',
  'checkpointData',
]);

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type OpaqueKey = 'agent_config' | 'metadata' | 'labels' | 'permissions' | 'payload' | 'data' | 'checkpoint_data';

/** The same value with camelCase keys. */
export type Camel<T> = T extends readonly (infer E)[]
  ? Camel<E>[]
  : T extends object
    ? { [K in keyof T as K extends string ? CamelCase<K> : K]: K extends OpaqueKey ? T[K] : Camel<T[K]> }
    : T;

const rename = (value: unknown, name: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((element) => rename(element, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [name(key), OPAQUE.has(key) ? inner : rename(inner, name)]),
  );
};

/** From the wire's snake_case to the camelCase inside. */
export const fromWire = <T>(value: T): Camel<T> =>
  rename(value, (key) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())) as Camel<T>;

/** From camelCase to the wire. What the answer's schema does not name is dropped there. */
export const toWire = (value: unknown): unknown => rename(value, wireName);
