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
    ? 'is too large or too small a number to be kept exactly'
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

const REPLACED = '\ufffd';

/** Some gateways decode the body themselves and replace what is not UTF-8: then its length is not the one that was sent. */
const isReplaced = (text: string, { 'content-length': sent }: APIGatewayProxyEventV2['headers']) =>
  sent !== undefined && text.includes(REPLACED) && Number(sent) !== Buffer.byteLength(text);

const decode = ({ body, isBase64Encoded, headers }: APIGatewayProxyEventV2): string => {
  if (!isBase64Encoded) {
    if (isReplaced(body ?? '', headers)) throw new Refusal('MALFORMED_JSON', 'the body is not UTF-8');
    return body ?? '';
  }
  const decoded = attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body ?? '', 'base64')));
  if (decoded === undefined) throw new Refusal('MALFORMED_JSON', 'the body is not UTF-8');
  return decoded.value;
};

const JSON_TYPE = /^\s*application\/json\s*(;.*)?$/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** @throws Refusal 415 for a body that is declared as something that is not read */
const checkDeclared = ({ headers }: APIGatewayProxyEventV2): void => {
  const declared = headers['content-type'] ?? '';
  const charset = CHARSET.exec(declared)?.[1]?.toLowerCase() ?? 'utf-8';
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!JSON_TYPE.test(declared))
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'the body is not declared as application/json');
  if (charset !== 'utf-8' && charset !== 'utf8')
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'the body is declared in another charset than UTF-8');
  if (encoding !== 'identity')
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'the body has a Content-Encoding; send it without one');
};

/** The raw text and the value of a JSON body. An absent body is an empty object. @throws Refusal 400, 413, 415 @throws InvalidInput */
export const readBody = (event: APIGatewayProxyEventV2): { text: string; value: unknown } => {
  if ((event.body ?? '') === '') return { text: '', value: {} };
  const text = decode(event);
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new Refusal('PAYLOAD_TOO_LARGE', `the body has more than ${MAX_BYTES} bytes`, {
      extras: { limit_bytes: MAX_BYTES },
    });
  }
  checkDeclared(event);
  const value = parse(text);
  if (isTooDeep(value, MAX_DEPTH))
    throw new Refusal('MALFORMED_JSON', `the body is more than ${MAX_DEPTH} levels deep`, {
      advice: { remedy: `Nest objects and arrays at most ${MAX_DEPTH} deep.` },
    });
  const faults = unstorable(value, '');
  if (faults.length > 0) throw new InvalidInput(faults);
  return { text, value };
};

const parse = (text: string): unknown => {
  const parsed = attempt((): unknown => JSON.parse(text));
  if (parsed === undefined) throw new Refusal('MALFORMED_JSON', 'the body is not readable as JSON');
  return parsed.value;
};
