import { describe, expect, it } from 'vitest';
import { RunFailure } from '#apps/runner/run-failure';
import { secretFilter } from '#apps/runner/secret-filter';
import { noWork } from '#apps/runner/work-on-assignment';
import { resultOf, type WorkDone, type WorkEnd } from '#apps/runner/work-result';
import { SubmitResultRequest } from '#contracts/assignment-result';
import { modelMessage, textPart } from '#test/adapters/opencode/a-turn';
import { anAssignment } from '#test/support/an-assignment';

const secret = 'sk-very-secret-key';
const result = (done: Partial<WorkDone>, end: WorkEnd = { status: 'completed' }) =>
  resultOf(anAssignment(), { ...noWork(), ...done }, end, 1_234.5, secretFilter([secret]));
const diff = (text: string, count = 1) => ({
  isCut: false,
  text,
  files: Array.from({ length: count }, (_, index) => ({
    ...{ path: `folder/file-${index}.txt`, status: 'modified' as const, additions: 1, deletions: 0, binary: false },
    ...{ sizeBefore: 1, sizeAfter: 2 },
  })),
});
const commit = (text: string, count?: number) => ({
  base: 'a'.repeat(40),
  result: 'b'.repeat(40),
  branch: 'iorch/S',
  diff: diff(text, count),
});
const outcome = (output: string) => ({ name: 'tests', exit_code: 1, duration_ms: 5, output, passed: false, weight: 1 });
const says = (text: string) => ({ turn: [modelMessage('a1', { parts: [textPart('p1', text)] })] });

describe('the result of an assignment', () => {
  it('is one that the control plane takes, however much there is to tell', () => {
    const verification = Array.from({ length: 20 }, () => outcome('\u0001"\\'.repeat(1_333)));
    const huge = result({ ...says('x'.repeat(50_000)), verification, commit: commit('"+\n'.repeat(43_000), 5_000) });
    expect(SubmitResultRequest.safeParse(huge).error).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(huge.output_data))).toBeLessThanOrEqual(256 * 1024);
    expect(huge.output_data?.summary).toMatch(/^x{9000,}…\[cut\]$/);
  });

  it('tells everything when it fits', () => {
    const { output_data } = result({ ...says('Done.'), verification: [outcome('log')], commit: commit('+x\n', 600) });
    expect(output_data).toMatchObject({
      summary: 'Done.',
      diff: '+x\n',
      diff_cut: false,
      verification: [{ output: 'log' }],
    });
    expect(output_data?.files).toHaveLength(600);
  });

  it('has no secrets, wherever they appeared', () => {
    const told = result(
      { ...says(`key ${secret}`), verification: [outcome(`key ${secret}`)], commit: commit(`+${secret}\n`) },
      { status: 'failed', failure: new RunFailure(`with ${secret}`, { code: 'UPSTREAM_ERROR', retryable: true }) },
    );
    expect(JSON.stringify(told)).not.toContain(secret);
    expect(told.error_message).toBe('with [secret]');
  });

  it('says why it failed and whether another attempt may help', () => {
    const failure = new RunFailure('no such branch', { code: 'REPOSITORY_REFUSED', retryable: false });
    expect(result({}, { status: 'failed', failure })).toMatchObject({
      ...{ status: 'failed', error_code: 'REPOSITORY_REFUSED', error_message: 'no such branch', retryable: false },
      execution_time_ms: 1_235,
    });
  });

  it('has no success rate without verification', () => {
    expect(result({})).not.toHaveProperty('success_rate');
    expect(result({ verification: [outcome('')] }).success_rate).toBe(0);
  });
});
