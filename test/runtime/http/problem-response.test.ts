import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemResponse } from '#runtime/http/problem-response';
import { Refusal } from '#runtime/http/refusal';

const MEMBERS = ['type', 'title', 'status', 'detail', 'code', 'request_id', 'retryable', 'remedy'] as const;

const answered = (failure: unknown) => {
  const { headers, body } = problemResponse(failure, 'REQUEST');
  return { headers, problem: JSON.parse(body as string) };
};

describe('a problem document', () => {
  it('has its own members, whatever the facts of the error are called', () => {
    const facts = fc.dictionary(fc.oneof(fc.constantFrom(...MEMBERS), fc.string()), fc.jsonValue(), {
      noNullPrototype: true,
    });
    const plain = answered(new Refusal('FORBIDDEN', 'no')).problem;
    fc.assert(
      fc.property(facts, (extras) => {
        const { problem } = answered(new Refusal('FORBIDDEN', 'no', { extras }));
        for (const name of MEMBERS) expect(problem[name]).toBe(plain[name]);
      }),
    );
  });

  it('may be retried, and says what helps, as the error itself says', () => {
    const advice = { retryable: false, remedy: 'Make another.' };
    const { headers, problem } = answered(new Refusal('DATASET_NOT_READY', 'it is deleted', { advice }));
    expect(problem).toMatchObject({ status: 409, retryable: false, remedy: 'Make another.' });
    expect(headers).not.toHaveProperty('retry-after');
    expect(answered(new Refusal('DATASET_NOT_READY', 'it is built')).headers).toHaveProperty('retry-after', '1');
  });
});
