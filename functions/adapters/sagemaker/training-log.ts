import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { MetricPoint } from '#domain/training-job/metric-point';
import { METRIC_PATTERN, metricPoint } from './metric-lines.ts';

const LOG_GROUP = '/aws/sagemaker/TrainingJobs';
// a job has about a hundred lines; pages may come empty
const MOST_PAGES = 20;

/** Points of a job's log, and up to where it was read. */
export interface ReadLog {
  readonly points: readonly MetricPoint[];
  readonly position?: string | undefined;
}

const millisecondsOf = (position: string | undefined): number | undefined => {
  const since = Number(position);
  return position === undefined || !Number.isSafeInteger(since) || since < 0 ? undefined : since;
};

type LogEvent = { readonly message?: string | undefined; readonly timestamp?: number | undefined };

async function* eventsOf(
  client: CloudWatchLogsClient,
  name: string,
  since: number | undefined,
): AsyncGenerator<LogEvent> {
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: LOG_GROUP,
        // the slash keeps out a job whose name begins like this one's
        logStreamNamePrefix: `${name}/`,
        filterPattern: METRIC_PATTERN,
        ...(since !== undefined && { startTime: since }),
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    yield* answer.events ?? [];
    nextToken = answer.nextToken;
    if (nextToken === undefined) return;
  }
}

/**
 * Reads the metric lines of a job from a position on, of all its machines: after an interruption the log goes on in another stream.
 * A position is the time of the newest line read, which is read again: the same line twice is the same point.
 */
export const readTrainingLog = async (
  client: CloudWatchLogsClient,
  name: string,
  position?: string,
): Promise<ReadLog> => {
  const points: MetricPoint[] = [];
  const since = millisecondsOf(position);
  let newest = since;
  try {
    for await (const { message = '', timestamp = 0 } of eventsOf(client, name, since)) {
      const point = metricPoint(message, timestamp);
      if (point) points.push(point);
      newest = Math.max(newest ?? 0, timestamp);
    }
  } catch (error) {
    // the log begins with the first job of the account that writes a line
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return { points, ...(newest !== undefined && { position: String(newest) }) };
};
