/** The middle of the values; the mean of the two in the middle when their number is even. @throws Error without values */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (below === undefined || above === undefined) throw new Error('no values, no median');
  return (below + above) / 2;
};

/** Rounded to so many decimal places. */
export const rounded = (value: number, places: number): number => Number(value.toFixed(places));
