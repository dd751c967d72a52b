const NAMESPACE = 'IndustrialOrchestrator';

/** What the one alarm on our own metrics looks at: something was logged that a person has to look at. */
export const ATTENTION = 'attention';

/** Values of a log line that are metrics, and what they are told apart by. */
export interface LoggedMetrics {
  readonly names: readonly string[];
  /** @default by stage */
  readonly by?: readonly (readonly string[])[];
}

/**
 * The part of a log line that CloudWatch reads as metrics. The line has their values under their names. A metric costs for each hour that
 * has a value, so nothing is logged of what did not happen.
 */
export const metricsOf = (...metrics: readonly LoggedMetrics[]) => ({
  _aws: {
    Timestamp: Date.now(),
    CloudWatchMetrics: metrics.map(({ names, by = [['stage']] }) => ({
      Namespace: NAMESPACE,
      Dimensions: by,
      Metrics: names.map((Name) => ({ Name })),
    })),
  },
});
