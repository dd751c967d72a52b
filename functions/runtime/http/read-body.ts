import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { EAP_LIMITS } from '#contracts/limits';
import { type FieldError, InvalidInput } from '#domain/errors';
import { Refusal } from './refusal.ts';

const MAX_BYTES = EAP_LIMITS.requestBytes;
const MAX_DEPTH = 32;

const isTooDeep = (value: unknown, left: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
};

/** The value of a reading that may fail, or undefined. */
const attempt = <T>(read: () => T): { readonly value: T } | undefined => {
  try {
    return { value: read() };
  } catch {
    return undefined;
  }
};

const SMALLEST = 1e-100;

/** What is wrong with a value that no store could keep, or undefined. */
const faultOf = (value: unknown): string | undefined => {
  if (typeof value === 'string' && value.includes('\u0000')) return 'must not contain NUL';
  if (typeof value === 'string' && !value.isWellFormed()) return 'is not well-formed Unicode';
  if (typeof value !== 'number' || value === 0) return undefined;
  const size = Math.abs(value);
  return size > Number.MAX_SAFE_INTEGER || size < SMALLEST
    ? 'is too large or too small a number; send it as a string'
    : undefined;
};

const unstorable = (value: unknown, path: string): FieldError[] => {
  const message = faultOf(value);
  if (message !== undefined) return [{ path, message }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(faultOf(key) === undefined ? [] : [{ path, message: 'has a name that cannot be stored' }]),
    // what reads it later as a plain object would lose it without a word
    ...(key === '__proto__'
      ? [{ path: `${path}/${key}`, message: 'is a name that is not taken; use another one' }]
      : []),
    ...unstorable(inner, `${path}/${key}`),
  ]);
};

const decode = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): string => {
  if (!isBase64Encoded) return body ?? '';
  const decoded = attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body ?? '', 'base64')));
  if (decoded === undefined) throw new Refusal('MALFORMED_JSON', 'the body is not UTF-8');
  return decoded.value;
};

const mediaType = (event: APIGatewayProxyEventV2) =>
  (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();

/** The raw text and the value of a JSON body. An absent body is an empty object. @throws Refusal 400, 413, 415 @throws InvalidInput */
export const readBody = (event: APIGatewayProxyEventV2): { text: string; value: unknown } => {
  const text = decode(event);
  if (text === '') return { text, value: {} };
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new Refusal('PAYLOAD_TOO_LARGE', `the body has more than ${MAX_BYTES} bytes`, {
      extras: { limit_bytes: MAX_BYTES },
    });
  }
  if (mediaType(event) !== 'application/json')
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'the body is not declared as application/json');
  const value = parse(text);
  if (isTooDeep(value, MAX_DEPTH))
    throw new Refusal('MALFORMED_JSON', `the body is more than ${MAX_DEPTH} levels deep`);
  const faults = unstorable(value, '');
  if (faults.length > 0) throw new InvalidInput(faults);
  return { text, value };
};

const parse = (text: string): unknown => {
  const parsed = attempt((): unknown => JSON.parse(text));
  if (parsed === undefined) throw new Refusal('MALFORMED_JSON', 'the body is not readable as JSON');
  return parsed.value;
};
