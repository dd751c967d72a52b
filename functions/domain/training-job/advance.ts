import { isStopOverdue, nextLook, overdue } from './deadline.ts';
import { type FinalMetrics, keptPoints, type MetricPoint } from './metric-point.ts';
import { isFurther, isTerminalTraining, type TrainingStatus } from './status.ts';
import type { Phase, TrainingCost, TrainingError, TrainingInput, TrainingJob, TrainingLive } from './training-job.ts';
import { andThen, moveTraining, type TrainingChange } from './transition.ts';

/** What a provider says of an attempt. */
export interface ProviderReport {
  /** `unknown`: the provider used a word that nobody knows; nothing follows from it. */
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'unknown';
  readonly phase?: Phase | undefined;
  readonly progress?: number | undefined;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
  readonly points: readonly MetricPoint[];
  readonly finalMetrics?: FinalMetrics | undefined;
  /** Times the number of instances, this is paid. */
  readonly billableSeconds?: number | undefined;
  readonly trainingSeconds?: number | undefined;
  readonly artifactUri?: string | undefined;
  /** Up to where the provider's log was read, in its own words. */
  readonly logPosition?: string | undefined;
  readonly error?: TrainingError | undefined;
}

/** A report, or that the provider does not know the attempt, or nothing new. */
export type Heard = ProviderReport | 'missing' | undefined;

/** What a look at a job comes to. */
export interface Advance {
  /** Absent when the status stays. */
  readonly change?: TrainingChange | undefined;
  readonly live: TrainingLive;
  /** New ones, to be kept. */
  readonly points: readonly MetricPoint[];
}

export interface StandingJob {
  readonly job: TrainingJob;
  readonly input: TrainingInput;
  readonly live: TrainingLive;
}

const SECONDS_PER_HOUR = 3600;
/** A provider that does not know an attempt for so long has lost it. */
const MISSING_MS = 60_000;
const MICRODOLLARS = 1_000_000;

const lost: TrainingError = { code: 'TRAINING_JOB_LOST', message: 'the provider does not know the job any more' };
const stopped: TrainingError = { code: 'STOPPED_EXTERNALLY', message: 'somebody stopped the training at its provider' };
const unnamed: TrainingError = { code: 'TRAINING_FAILED', message: 'the provider gave no reason' };

const costOf = ({ job, live, input }: StandingJob, report: ProviderReport): TrainingCost | undefined => {
  const billableSeconds = report.billableSeconds ?? null;
  if (job.simulated) return { usd: 0, billableSeconds, spotSavings: null, source: 'simulated' };
  const { prices } = live.estimate;
  if (billableSeconds === null || prices === undefined) return undefined;
  const usd = (billableSeconds / SECONDS_PER_HOUR) * prices.usdPerHour * input.compute.instanceCount;
  const { trainingSeconds } = report;
  const spotSavings = input.compute.useSpot && trainingSeconds ? 1 - billableSeconds / trainingSeconds : null;
  return { usd: Math.round(usd * MICRODOLLARS) / MICRODOLLARS, billableSeconds, spotSavings, source: 'priced' };
};

const isEnd = ({ status }: ProviderReport) => status === 'completed' || status === 'failed' || status === 'cancelled';

/** What the live values are after a report. A report that knows less than is known takes nothing away. */
const heard = (standing: StandingJob, report: ProviderReport, now: number): Omit<Advance, 'change'> => {
  const { live } = standing;
  const isOver = isEnd(report);
  const totalSteps = report.totalSteps ?? live.totalSteps;
  const points =
    totalSteps === undefined ? [] : keptPoints(report.points, { totalSteps, lastStep: live.lastPointStep, isOver });
  const cost = isOver ? costOf(standing, report) : undefined;
  const further = (value: number | undefined, known: number | undefined) =>
    value === undefined ? known : Math.max(value, known ?? 0);
  return {
    points,
    live: {
      ...live,
      phase: isOver ? undefined : (report.phase ?? live.phase),
      progress: further(report.progress, live.progress),
      step: further(report.step, live.step),
      totalSteps,
      lastPointStep: points.at(-1)?.step ?? live.lastPointStep,
      ...(report.finalMetrics ? { metrics: report.finalMetrics } : {}),
      ...(cost ? { cost } : {}),
      ...(report.artifactUri ? { artifactUri: report.artifactUri } : {}),
      ...(report.logPosition ? { logPosition: report.logPosition } : {}),
      ...(report.status === 'completed' ? { trainedAt: live.trainedAt ?? new Date(now).toISOString() } : {}),
      ...(isOver && report.status !== 'completed' ? { releasedAt: new Date(now).toISOString() } : {}),
    },
  };
};

interface Target {
  readonly to: TrainingStatus;
  readonly error?: TrainingError;
}

/** The status that a report means for the job. What was asked to stop is cancelled, however its provider ended it. */
const targetOf = (job: TrainingJob, { status, error }: ProviderReport): Target | undefined => {
  if (status === 'unknown') return undefined;
  const isWanted = job.cancelRequestedAt !== undefined;
  if (isWanted && (status === 'completed' || status === 'failed' || status === 'cancelled')) return { to: 'cancelled' };
  if (status === 'cancelled') return { to: 'cancelled', error: stopped };
  if (status === 'failed') return { to: 'failed', error: error ?? unnamed };
  // without a gate the job is complete when its model version is there: the driver says so
  if (status === 'completed') return { to: job.isGated ? 'evaluating' : 'running' };
  return { to: status };
};

/** A move as far as the target, over `running` where the table of moves asks for it. Nothing when it leads nowhere further. */
const movedTo = (job: TrainingJob, { to, error }: Target, at: string, phase?: Phase): TrainingChange | undefined => {
  if (!isFurther(job.status, to)) return undefined;
  const move = (from: TrainingJob) => moveTraining(from, { to, at, error, phase });
  const skipsRunning = job.status === 'queued' && to === 'evaluating';
  return skipsRunning ? andThen(moveTraining(job, { to: 'running', at }), move) : move(job);
};

/** Why a job ends although its provider does not say so. */
const ended = (
  { job, input }: StandingJob,
  { trainedAt, providerError }: TrainingLive,
  now: number,
): Target | undefined => {
  if (isStopOverdue(job, now)) return { to: 'cancelled' };
  const isBetween = trainedAt !== undefined && job.status === 'running';
  const error = isBetween ? undefined : overdue(job, input.compute, now);
  if (error === undefined) return undefined;
  const silent = providerError === undefined ? '' : `; its provider does not tell how it stands: ${providerError}`;
  return { to: 'failed', error: { ...error, message: `${error.message}${silent}` } };
};

/** Since when a provider has not known the attempt; a provider that does not answer at all says nothing about that. */
const missingAfter = ({ missingSince }: TrainingLive, news: Heard, at: string): string | undefined => {
  if (news === undefined) return missingSince;
  return news === 'missing' ? (missingSince ?? at) : undefined;
};

/** What a provider that has lost the attempt means for the job. */
const forgotten = ({ job }: StandingJob, missingSince: string | undefined, now: number): Target | undefined => {
  if (missingSince === undefined || now - Date.parse(missingSince) < MISSING_MS) return undefined;
  return job.cancelRequestedAt === undefined ? { to: 'failed', error: lost } : { to: 'cancelled' };
};

/**
 * Where a job stands after a look at it: what its provider says moves it forward, what it has missed ends it.
 * What comes late, twice or in another order changes nothing.
 */
export const advance = (standing: StandingJob, news: Heard, now: number): Advance => {
  const { job } = standing;
  const at = new Date(now).toISOString();
  const isAtProvider = job.status === 'queued' || job.status === 'running';
  const known = isAtProvider ? news : undefined;
  const report = known === 'missing' ? undefined : known;
  const { live, points } = report ? heard(standing, report, now) : { live: standing.live, points: [] };
  const missingSince = missingAfter(standing.live, known, at);
  const targets = [report && targetOf(job, report), ended(standing, live, now), forgotten(standing, missingSince, now)];
  const [change] = isTerminalTraining(job.status)
    ? []
    : targets.flatMap((target) => (target && movedTo(job, target, at, live.phase)) ?? []);
  return { change, points, live: { ...live, missingSince, dueAt: nextLook(change?.after ?? job, now) } };
};
