import type { MetricPoint } from '#domain/training-job/metric-point';

const number = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const LINE = new RegExp(
  `^iorch step=(\\d+) epoch=(${number}) train_loss=(${number}|nan) eval_loss=(${number}|nan) lr=(${number}|nan) tokens=(\\d+)\\s*$`,
);

/** What the log is filtered by. */
export const METRIC_PATTERN = '"iorch step="';

const measured = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** A point of a line that the training program wrote; undefined for any other line. What was not measured stays absent. */
export const metricPoint = (line: string, atMs: number): MetricPoint | undefined => {
  const [, step, epoch, trainLoss, evalLoss, rate, tokens] = LINE.exec(line) ?? [];
  const loss = measured(trainLoss);
  if (loss === undefined) return undefined;
  const evaluated = measured(evalLoss);
  const learningRate = measured(rate);
  return {
    step: Number(step),
    epoch: Number(epoch),
    trainLoss: loss,
    ...(evaluated !== undefined && { evalLoss: evaluated }),
    ...(learningRate !== undefined && { learningRate }),
    tokensProcessed: Number(tokens),
    at: new Date(atMs).toISOString(),
  };
};
