import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cut, eventReporter } from '#apps/runner/event-reporter';
import { secretFilter } from '#apps/runner/secret-filter';
import { ApiUnreachable } from '#contracts/client';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';

function aReporter(secrets: string[] = []) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const plane = scriptedControlPlane();
  const refusals: unknown[] = [];
  const wishes: string[] = [];
  const reporter = eventReporter({
    ...{ calls: plane.calls, assignmentId: 'A1', fencingToken: 1, secrets: secretFilter(secrets) },
    onRefused: (error) => refusals.push(error),
    onDirectives: (directives) => wishes.push(...directives.map(({ type }) => type)),
  });
  const say = (...messages: string[]) => {
    for (const message of messages) reporter.report({ type: 'log', level: 'info', message });
  };
  const sizes = () => plane.batches.map(({ length }) => length);
  return { plane, reporter, refusals, wishes, say, sizes };
}

const numbers = (events: readonly { event_seq: number }[]) => events.map(({ event_seq }) => event_seq);

describe('the reporter of events', () => {
  it('waits at most a second for more, then sends one batch', async () => {
    const { say, sizes } = aReporter();
    say('one', 'two');
    await vi.advanceTimersByTimeAsync(999);
    expect(sizes()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sizes()).toEqual([2]);
  });

  it('passes on what the control plane wants', async () => {
    const { plane, say, wishes } = aReporter();
    plane.direct('A1', 'cancel');
    say('one');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wishes).toEqual(['cancel']);
  });

  it('sends at once when it has 64, and never more in one batch', async () => {
    const { say, sizes } = aReporter();
    say(...Array.from({ length: 100 }, (_, index) => `line ${index}`));
    await vi.advanceTimersByTimeAsync(0);
    expect(sizes()).toEqual([64, 36]);
  });

  it('numbers events from 1 without a gap', async () => {
    const { plane, say } = aReporter();
    say('one');
    await vi.advanceTimersByTimeAsync(1_000);
    say('two', 'three');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(numbers(plane.events())).toEqual([1, 2, 3]);
  });

  it('sends a batch that was not answered again, with the same numbers', async () => {
    const { plane, say, sizes } = aReporter();
    plane.fail('reportEvents', new ApiUnreachable('gone'), problem('INTERNAL_ERROR', { status: 500, retryable: true }));
    say('one', 'two');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sizes()).toEqual([2]);
    expect(numbers(plane.events())).toEqual([1, 2]);
  });

  it('drops a batch that is refused, says so, and goes on', async () => {
    const { plane, refusals, say } = aReporter();
    plane.fail('reportEvents', problem('STALE_FENCING_TOKEN'));
    say('one');
    await vi.advanceTimersByTimeAsync(1_000);
    say('two');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(refusals).toHaveLength(1);
    expect(numbers(plane.events())).toEqual([2]);
  });

  it('sends what is left when it is closed, and nothing after', async () => {
    const { plane, reporter, say } = aReporter();
    say('one');
    await reporter.close(1_000);
    say('two');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(plane.logged()).toEqual(['one']);
  });

  it('gives up waiting for an answer when it is closed', async () => {
    const { plane, reporter, say } = aReporter();
    plane.fail('reportEvents', ...Array.from({ length: 50 }, () => new ApiUnreachable('gone')));
    say('one');
    const closing = reporter.close(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await closing;
    expect(plane.logged()).toEqual([]);
  });

  it('takes secrets out and cuts long lines', async () => {
    const { plane, say } = aReporter(['sk-very-secret']);
    say('the key is sk-very-secret!', 'x'.repeat(20_000));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(plane.logged()[0]).toBe('the key is [secret]!');
    expect(plane.logged()[1]).toMatch(/^x+…\[cut\]$/);
    expect(plane.logged()[1]?.length).toBeLessThanOrEqual(8_192);
  });

  it('keeps a batch small in bytes', async () => {
    const { say, sizes } = aReporter();
    say(...Array.from({ length: 60 }, () => 'x'.repeat(8_000)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Math.max(...sizes())).toBeLessThanOrEqual(26);
    expect(sizes().reduce((total, size) => total + size)).toBe(60);
  });
});

describe('a cut text', () => {
  it('is left alone when it fits, and has no NUL', () => {
    expect(cut('ab\u0000c', 4)).toBe('ab\ufffdc');
  });
});
