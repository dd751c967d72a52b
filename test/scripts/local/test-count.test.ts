import { describe, expect, it } from 'vitest';
import { addCounts, countTests } from '#scripts/local/test-count';

const file = (status: string, tests: number) => ({
  status,
  assertionResults: Array.from({ length: tests }, () => ({})),
});
const report = (numPassedTests: number, numFailedTests: number, ...testResults: object[]) => ({
  numPassedTests,
  numFailedTests,
  testResults,
});

describe('the number of tests', () => {
  it('is what the report says', () => {
    expect(countTests(report(7, 2, file('passed', 4), file('failed', 5)), 1)).toEqual({ passed: 7, failed: 2 });
  });

  it('counts a file that failed before its first test as one failure', () => {
    expect(countTests(report(4, 0, file('passed', 4), file('failed', 0)), 1)).toEqual({ passed: 4, failed: 1 });
  });

  it('counts a run that failed after its tests had passed as one failure', () => {
    expect(countTests(report(4, 0, file('passed', 4)), 1)).toEqual({ passed: 4, failed: 1 });
  });

  it('counts a run without a report as one failure', () => {
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('is the sum over all runs', () => {
    const counts = [
      { passed: 5, failed: 0 },
      { passed: 2, failed: 1 },
    ];
    expect(addCounts(counts)).toEqual({ passed: 7, failed: 1 });
  });
});
