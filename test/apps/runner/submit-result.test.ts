import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { submitResult } from '#apps/runner/submit-result';
import { ApiUnreachable } from '#contracts/client';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';

async function submit(...failures: Error[]) {
  return submitWith([], ...failures);
}

async function submitWith(artifacts: { path: string; artifact_id: string }[], ...failures: Error[]) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const plane = scriptedControlPlane();
  plane.fail('submitResult', ...failures);
  const lines: string[] = [];
  const output_data = { summary: 'Done.' };
  const result = { task_id: 'T1', status: 'completed', fencing_token: 1, output_data, artifacts } as const;
  const submitting = submitResult({ calls: plane.calls, assignmentId: 'A1', result, log: (line) => lines.push(line) });
  await vi.advanceTimersByTimeAsync(200_000);
  await submitting;
  return { results: plane.results, lines };
}

describe('handing a result over', () => {
  it('is repeated while nobody answers', async () => {
    const { results } = await submit(
      new ApiUnreachable('gone'),
      problem('INTERNAL_ERROR', { status: 500, retryable: true }),
    );
    expect(results).toMatchObject([{ status: 'completed' }]);
  });

  it('ends when somebody else has the assignment', async () => {
    const { results, lines } = await submit(problem('STALE_FENCING_TOKEN'));
    expect(results).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  it('reports a failure when the result is not accepted as it is', async () => {
    const { results } = await submit(problem('VALIDATION_ERROR', { status: 422 }));
    expect(results).toMatchObject([
      {
        status: 'failed',
        error_code: 'AGENT_EXECUTION_FAILED',
        error_message: expect.stringContaining('VALIDATION_ERROR'),
      },
    ]);
  });

  it('goes without its files when storage does not have them', async () => {
    const files = [{ path: 'transcript.json', artifact_id: 'ARTIFACT1' }];
    const taken = await submitWith(files);
    expect(taken.results).toMatchObject([{ status: 'completed', artifacts: files }]);
    const { results, lines } = await submitWith(files, problem('ARTIFACT_MISMATCH', { status: 422 }));
    expect(results).toMatchObject([{ status: 'completed', artifacts: [] }]);
    expect(lines).toEqual(['the result of assignment A1 was not taken: ARTIFACT_MISMATCH']);
  });

  it('is given up after two minutes without an answer', async () => {
    const { results, lines } = await submit(...Array.from({ length: 100 }, () => new ApiUnreachable('gone')));
    expect(results).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});
