import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registrationOf, versionTaken } from '#domain/training-job/registration';
import { TRAINING_STATUSES } from '#domain/training-job/status';
import { aStandingTraining } from '#test/support/a-training-job';

const at = '2026-05-04T12:00:00.000Z';
const { job: any, live } = aStandingTraining();
const job = { ...any, status: 'evaluating', isGated: true } as const;
const own = { jobId: job.id, attempt: job.attempt };

describe('what becomes of a job that may have made its version', () => {
  it.each([
    ['register', job, undefined],
    ['registered', job, own],
    ['taken', job, { ...own, jobId: 'OTHER' }],
    ['taken', job, { ...own, attempt: job.attempt + 1 }],
    ['cancel', { ...job, cancelRequestedAt: at }, undefined],
    ['none', { ...job, status: 'running' }, undefined],
    ['register', { ...job, status: 'running', isGated: false }, undefined],
  ] as const)('%s', (expected, standing, maker) => {
    expect(registrationOf(standing, { ...live, trainedAt: at }, maker)).toBe(expected);
  });

  it('is nothing while it is trained', () => {
    const running = { ...job, status: 'running', isGated: false } as const;
    expect(registrationOf(running, { ...live, trainedAt: undefined }, undefined)).toBe('none');
  });

  it('is never a version where it has ended, has not begun, or somebody wants it cancelled', () => {
    const status = fc.constantFrom(...TRAINING_STATUSES);
    const maker = fc.constantFrom(undefined, own, { ...own, jobId: 'OTHER' });
    const maybe = fc.constantFrom(undefined, at);
    const facts = fc.record({ status, maker, isGated: fc.boolean(), cancelRequestedAt: maybe, trainedAt: maybe });
    fc.assert(
      fc.property(facts, ({ maker: found, trainedAt, ...fields }) => {
        const became = registrationOf({ ...job, ...fields }, { ...live, trainedAt }, found);
        const isOpen = fields.status === 'running' || fields.status === 'evaluating';
        if (became === 'register' || became === 'registered')
          expect([isOpen, fields.cancelRequestedAt]).toEqual([true, undefined]);
        if (!isOpen) expect(became).toBe('none');
      }),
    );
  });

  it('names whose version it is', () => {
    const { code, message } = versionTaken(job, { jobId: 'OTHER', attempt: 3 });
    expect(code).toBe('MODEL_VERSION_EXISTS');
    expect(message).toContain('attempt 3 of job OTHER');
  });
});
