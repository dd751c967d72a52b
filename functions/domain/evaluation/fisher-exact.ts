/** What may be lost in sums of logarithms, so that tables that are equally probable count as such. */
const ROUNDING = 1e-9;

/**
 * Fisher's exact two-sided test: how probable two shares are that differ at least as much, when both are really the same: the
 * sum over all tables with the same totals that are no more probable than the one found. 1 where a group is empty.
 */
export const fisherExact = (
  one: { readonly passed: number; readonly observed: number },
  other: { readonly passed: number; readonly observed: number },
): number => {
  const passed = one.passed + other.passed;
  const lowest = Math.max(0, passed - other.observed);
  const highest = Math.min(one.observed, passed);
  const logs = [0];
  for (let x = lowest; x < highest; x++) {
    const ratio = ((passed - x) * (one.observed - x)) / ((x + 1) * (other.observed - passed + x + 1));
    logs.push((logs.at(-1) ?? 0) + Math.log(ratio));
  }
  const largest = logs.reduce((most, log) => Math.max(most, log), 0);
  const sum = (all: readonly number[]) => all.reduce((total, log) => total + Math.exp(log - largest), 0);
  const found = logs[one.passed - lowest] as number;
  return Math.min(1, sum(logs.filter((log) => log <= found + ROUNDING)) / sum(logs));
};
