import { describe, expect, it } from 'vitest';
import { setUp, successRateOf, verify } from '#apps/runner/run-commands';
import { temporaryFolder } from '#test/support/git-world';

const command = (run: string, { name = run, weight = 1, timeout_seconds = 30 } = {}) => ({
  name,
  run,
  weight,
  timeout_seconds,
});
const place = () => ({ directory: temporaryFolder(), environment: { PATH: process.env['PATH'] ?? '', ONLY: 'this' } });

describe('verification', () => {
  it('tells exit code, output and whether each command passed, and goes on after a failure', async () => {
    const outcomes = await verify([command('echo no; exit 2'), command('echo yes')], place());
    expect(outcomes.map(({ exit_code, output, passed }) => ({ exit_code, output, passed }))).toEqual([
      { exit_code: 2, output: 'no\n', passed: false },
      { exit_code: 0, output: 'yes\n', passed: true },
    ]);
  });

  it('runs in the given folder with the given environment only', async () => {
    const where = place();
    const [{ output } = { output: '' }] = await verify([command('pwd; env | grep -c . ; echo $ONLY')], where);
    expect(output).toContain(where.directory);
    expect(output).toContain('this');
    expect(output).not.toContain('VITEST');
  });

  it('keeps the last 4,000 characters of output', async () => {
    const [outcome] = await verify([command('i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done')], place());
    expect(outcome?.output).toHaveLength(4_000);
    expect(outcome?.output.endsWith('line 2999\n')).toBe(true);
  });

  it('ends a command after its time and says so', async () => {
    const [outcome] = await verify([command('sleep 60', { timeout_seconds: 0.2 })], place());
    expect(outcome).toMatchObject({ exit_code: 124, passed: false });
    expect(outcome?.output).toContain('timeout');
  });
});

describe('the success rate', () => {
  const outcome = (passed: boolean, weight: number) => ({
    name: '',
    exit_code: 0,
    duration_ms: 0,
    output: '',
    passed,
    weight,
  });

  it('is the weight of what passed over the weight of all', () => {
    expect(successRateOf([outcome(true, 3), outcome(false, 1)])).toBe(0.75);
  });

  it('is unknown without commands, and without weights', () => {
    expect(successRateOf([])).toBeUndefined();
    expect(successRateOf([outcome(true, 0)])).toBeUndefined();
  });
});

describe('setup', () => {
  it('ends at the first command that fails, with its output', async () => {
    const where = place();
    const failing = setUp(
      [command('touch one'), command('echo broken; exit 7', { name: 'install' }), command('touch two')],
      where,
    );
    await expect(failing).rejects.toMatchObject({ code: 'AGENT_EXECUTION_FAILED', retryable: true });
    await expect(failing).rejects.toThrow(/"install" ended with exit code 7: broken/);
    const [{ output } = { output: '' }] = await verify([command('ls')], where);
    expect(output).toBe('one\n');
  });
});
