import * as z from 'zod';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** An id: a ULID, upper case; input may be lower case. */
export const Ulid = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.string().regex(ULID, 'must be a ULID of 26 characters'))
  .meta({
    id: 'Ulid',
    description: 'A ULID: 26 characters, upper case.',
    example: '01JD8X5YB2M0Q4V6T8W1Z3C5E7',
    type: 'string',
  });

/** A time in an answer: ISO 8601, UTC, milliseconds. */
export const Timestamp = z.string().meta({ id: 'Timestamp', format: 'date-time', example: '2026-11-20T12:00:00.000Z' });

const NUL = '\u0000';

/** Text of a limited number of code points, without NUL. */
export const text = (min: number, max: number) =>
  z
    .string()
    .refine((value) => !value.includes(NUL), 'must not contain NUL')
    .refine((value) => {
      const length = [...value].length;
      return length >= min && length <= max;
    }, `must have ${min} to ${max} characters`)
    .meta({ minLength: min, maxLength: max });

const KILOBYTE = 1024;

/** A JSON object of limited size that is stored and never read by the system. */
export const jsonMap = (maxKilobytes: number) =>
  z
    .record(z.string().max(100), z.json())
    .refine(
      (value) => Buffer.byteLength(JSON.stringify(value)) <= maxKilobytes * KILOBYTE,
      `must be at most ${maxKilobytes} KB as JSON`,
    );

/** A field of a later version: refused with what to do, instead of being half obeyed. */
export const notOffered = (remedy: string) =>
  z
    .unknown()
    .refine((value) => value === undefined, `is not offered by this version; ${remedy}`)
    .optional()
    .meta({ description: `Not offered by this version; ${remedy}.`, not: {} });

const DIGITS = /^-?\d{1,15}$/;

/** A whole number of a query: its digits, and no other way to write it. */
export const wholeNumber = (min: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && DIGITS.test(value) ? Number(value) : value),
    z.number().int().min(min),
  );

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().max(1000).optional(),
};

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().optional() });

/** The answer of an operation that answers nothing. */
export const NoContent = z.null().meta({ id: 'NoContent' });

/** A query parameter that is true or false. */
export const flag = (byDefault: boolean) =>
  z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(byDefault)
    .meta({ type: 'boolean', default: byDefault });

/** A moment in a request: ISO 8601 with any offset, kept as UTC with milliseconds. */
export const Moment = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value).toISOString())
  .meta({ type: 'string', format: 'date-time' });

const MAX_VALUES = 50;

/** A query parameter with one or several values, comma separated. */
export const severalOf = <T extends z.ZodType<unknown, string>>(value: T, description: string, max = MAX_VALUES) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(value).max(max))
    .optional()
    .meta({ type: 'string', description });
