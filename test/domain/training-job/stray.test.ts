import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminalTraining, TRAINING_STATUSES } from '#domain/training-job/status';
import { isStray } from '#domain/training-job/stray';

const MINUTE = 60_000;
const noon = Date.parse('2026-05-04T12:00:00.000Z');
const ago = (ms: number) => new Date(noon - ms).toISOString();
const old = { attempt: 2, startedAt: ago(60 * MINUTE) };
const job = (status: (typeof TRAINING_STATUSES)[number], attempt = 2, since = 60 * MINUTE) => ({
  ...{ status, attempt, statusUpdatedAt: ago(since) },
});

describe('a training that its provider is at', () => {
  it.each([
    ['no job knows it', undefined],
    ['its job failed', job('failed')],
    ['its job was cancelled', job('cancelled')],
    ['its job is complete', job('completed')],
    ['its job is at a later attempt', job('running', 3)],
    ['its job never got to that attempt', job('running', 1)],
  ])('is a stray when %s', (_when, known) => {
    expect(isStray(old, known, noon)).toBe(true);
  });

  it.each(['pending', 'queued', 'running', 'evaluating'] as const)('is none of a job that is %s', (status) => {
    expect(isStray(old, job(status), noon)).toBe(false);
  });

  it('is left alone for a quarter of an hour after it began, and after its job ended or went on', () => {
    const edge = 15 * MINUTE;
    const began = (ms: number) => isStray({ attempt: 1, startedAt: ago(ms) }, undefined, noon);
    expect([began(edge - 1), began(edge)]).toEqual([false, true]);
    const ended = (ms: number) => isStray(old, job('failed', 2, ms), noon);
    expect([ended(edge - 1), ended(edge)]).toEqual([false, true]);
    const retried = (ms: number) => isStray(old, job('pending', 3, ms), noon);
    expect([retried(edge - 1), retried(edge)]).toEqual([false, true]);
  });

  it('is left alone when nobody can say when it began, or when its job changed', () => {
    expect(isStray({ attempt: 2, startedAt: '' }, undefined, noon)).toBe(false);
    expect(isStray(old, { ...job('failed'), statusUpdatedAt: '' }, noon)).toBe(false);
  });

  it('is never a stray of an open attempt, nor a young one; and once it is one it stays one', () => {
    const times = fc.integer({ min: -MINUTE, max: 120 * MINUTE });
    const known = fc.record({
      status: fc.constantFrom(...TRAINING_STATUSES),
      attempt: fc.integer({ min: 1, max: 3 }),
      statusUpdatedAt: times.map(ago),
    });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 3 }), fc.option(known, { nil: undefined }), times, (...given) => {
        const [age, attempt, found, later] = given;
        const seen = { attempt, startedAt: ago(age) };
        if (!isStray(seen, found, noon)) return;
        expect(age).toBeGreaterThanOrEqual(15 * MINUTE);
        if (found?.attempt === attempt) expect(isTerminalTraining(found.status)).toBe(true);
        expect(isStray(seen, found, noon + Math.abs(later))).toBe(true);
      }),
    );
  });
});
