import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ErrorCode, type ErrorRow, errors } from '#contracts/errors';
import { PROBLEM_TYPE } from '#contracts/problem';
import { DomainError } from '#domain/errors';
import { Refusal } from './refusal.ts';

const RETRY_AFTER_SECONDS = 1;
const MAX_LISTED = 50;

const known = (error: unknown): { code: ErrorCode; row: ErrorRow; error: DomainError } | undefined => {
  if (!(error instanceof DomainError) || !Object.hasOwn(errors, error.code)) return undefined;
  const code = error.code as ErrorCode;
  return { code, row: errors[code], error };
};

/** Whether an error is part of the contract. Everything else is a fault and belongs into the log. */
export const isExpected = (error: unknown): boolean => known(error) !== undefined;

const cut = (extras: Readonly<Record<string, unknown>>) =>
  Array.isArray(extras['errors']) ? { ...extras, errors: extras['errors'].slice(0, MAX_LISTED) } : extras;

/** Whole seconds; most of what is retryable may be sent again almost at once. */
const retryAfter = ({ retry_after_seconds: seconds = RETRY_AFTER_SECONDS }: Readonly<Record<string, unknown>> = {}) =>
  String(seconds);

/** The problem document of an error. A fault says nothing of the inside, and no fact takes the place of a member of the document. */
export const problemResponse = (failure: unknown, requestId: string): APIGatewayProxyStructuredResultV2 => {
  const found = known(failure);
  const code: ErrorCode = found?.code ?? 'INTERNAL_ERROR';
  const row = errors[code];
  const detail = found ? found.error.message : 'Something went wrong on our side.';
  const advice = found?.error.advice ?? {};
  const retryable = advice.retryable ?? row.retryable;
  const problem = {
    type: `urn:iorch:error:${code.toLowerCase()}`,
    title: row.title,
    status: row.status,
    detail,
    code,
    request_id: requestId,
    retryable,
    remedy: advice.remedy ?? row.remedy,
  };
  const facts = Object.entries(cut(found?.error.extras ?? {})).filter(([name]) => !Object.hasOwn(problem, name));
  return {
    statusCode: row.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      ...(retryable ? { 'retry-after': retryAfter(found?.error.extras) } : {}),
      ...(failure instanceof Refusal ? failure.headers : {}),
    },
    body: JSON.stringify({ ...problem, ...Object.fromEntries(facts) }),
  };
};
