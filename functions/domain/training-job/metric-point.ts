/** What is known of the model after a step. */
export interface MetricPoint {
  readonly step: number;
  readonly epoch: number;
  readonly trainLoss: number;
  readonly evalLoss?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly tokensProcessed: number;
  readonly at: string;
}

/** What the trained model came to; null where nobody knows. */
export interface FinalMetrics {
  readonly finalLoss: number | null;
  readonly evalLoss: number | null;
  readonly accuracy: number | null;
  readonly trainingDurationSeconds: number | null;
  readonly tokensProcessed: number | null;
}

const PERCENT = 100;

const percentOf = (step: number, totalSteps: number) => Math.floor((PERCENT * step) / totalSteps);

export interface Thinning {
  readonly totalSteps: number;
  /** Step of the newest point that is kept already. */
  readonly lastStep?: number | undefined;
  /** Whether no more points come: then the newest one is kept, too. */
  readonly isOver: boolean;
}

/**
 * The points worth keeping of those behind the newest one kept: the first of each percent of progress.
 * Points may come in any order and twice; the same points leave the same ones, however they are parted.
 */
export const keptPoints = (
  points: readonly MetricPoint[],
  { totalSteps, lastStep = -1, isOver }: Thinning,
): readonly MetricPoint[] => {
  const inOrder = points.toSorted((a, b) => a.step - b.step);
  let last = lastStep;
  return inOrder.filter((point, index) => {
    const isFirstOfPercent = last < 0 || percentOf(point.step, totalSteps) > percentOf(last, totalSteps);
    const isNewest = isOver && index === inOrder.length - 1;
    if (point.step <= last || !(isFirstOfPercent || isNewest)) return false;
    last = point.step;
    return true;
  });
};
