/**
 * Exact two-sided McNemar test: how probable pairs that differ so unevenly are, when both models are equally good.
 * Summed as logarithms, because the number of possibilities outgrows every number type.
 */
export const mcNemar = (candidateOnly: number, baselineOnly: number): number => {
  const differing = candidateOnly + baselineOnly;
  let logTerm = -differing * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let index = 0; index < Math.min(candidateOnly, baselineOnly); index++) {
    logTerm += Math.log((differing - index) / (index + 1));
    sum += Math.exp(logTerm);
  }
  return Math.min(1, 2 * sum);
};
