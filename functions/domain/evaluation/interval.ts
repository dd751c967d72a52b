/** Lower and upper end of what a share may really be. */
export type Interval = readonly [number, number];

/** Standard deviations of a normal distribution that hold 95 % of it. */
const Z = 1.959964;

/** Wilson's 95 % interval of a share; undefined without a single observation. */
export const wilsonInterval = (passed: number, observed: number): Interval | undefined => {
  if (observed === 0) return undefined;
  const share = passed / observed;
  const square = Z ** 2 / observed;
  const center = share + square / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / observed + square / (4 * observed));
  const scale = 1 + square;
  return [Math.max(0, (center - half) / scale), Math.min(1, (center + half) / scale)];
};
