import type * as z from 'zod';
import { type FieldError, InvalidInput } from '#domain/errors';

const escaped = (segment: PropertyKey) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');

const pointer = (path: readonly PropertyKey[]) => path.map((segment) => `/${escaped(segment)}`).join('');

const plain = (path: readonly PropertyKey[]) => path.map(String).join('.');

type Issue = z.core.$ZodIssue;

const fieldErrors = (issue: Issue, at: (path: readonly PropertyKey[]) => string): FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: at([...issue.path, key]), message: 'unknown field' }))
    : [{ path: at(issue.path), message: issue.message }];

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
