import type * as z from 'zod';
import { type FieldError, InvalidInput } from '#domain/errors';

const escaped = (segment: PropertyKey) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');

const pointer = (path: readonly PropertyKey[]) => path.map((segment) => `/${escaped(segment)}`).join('');

/** Of a parameter with several values, the parameter. */
const plain = (path: readonly PropertyKey[]) => String(path[0] ?? '');

type Issue = z.core.$ZodIssue;

/** What a caller can act on, where the schema's own words tell of its inside. */
const messageOf = (issue: Issue): string => {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received NaN')) return 'must be a number';
  if (issue.code === 'invalid_key') return `is not a name that is taken: ${issue.issues[0]?.message ?? issue.message}`;
  return issue.message;
};

const fieldErrors = (issue: Issue, at: (path: readonly PropertyKey[]) => string): FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: at([...issue.path, key]), message: 'unknown field' }))
    : [{ path: at(issue.path), message: messageOf(issue) }];

/** One part of a request: its schema, its value, and how its fields are named in an error. */
export interface Part {
  readonly schema: z.ZodType | undefined;
  readonly value: unknown;
  readonly naming: 'pointer' | 'name';
}

/**
 * Validates all parts of a request and reports every wrong field of all of them at once.
 * @throws InvalidInput
 */
export const validate = (parts: readonly Part[]): unknown[] => {
  const found: FieldError[] = [];
  const values = parts.map(({ schema, value, naming }) => {
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    found.push(...parsed.error.issues.flatMap((issue) => fieldErrors(issue, naming === 'pointer' ? pointer : plain)));
    return undefined;
  });
  if (found.length > 0) throw new InvalidInput(found);
  return values;
};
