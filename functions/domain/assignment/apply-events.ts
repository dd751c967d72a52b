import { basedOn, capped, noUsage, type SessionLive, type UsageReport, type UsageTotals } from '#domain/session/live';
import { warned, warnedOnce } from '#domain/session/warning';
import type { Assignment } from './assignment.ts';
import type { Word } from './signs.ts';
import type { CheckpointEvent, LogLine, WorkEvent } from './work-event.ts';

export interface Reported {
  readonly assignment: Assignment;
  readonly live: SessionLive;
  readonly logLines: readonly LogLine[];
  readonly checkpoints: readonly CheckpointEvent[];
  /** What the agent says last of itself. */
  readonly word?: Word | undefined;
}

/**
 * The attempt's usage after a report of the agent that has the work. Reports are cumulative and only grow, so a late one
 * takes nothing back; what earlier agents used is added.
 */
export const grown = ({ usage, usageBefore = noUsage }: SessionLive, report: UsageReport): UsageTotals =>
  capped(
    Object.fromEntries(
      (Object.keys(usage) as (keyof UsageTotals)[]).map((name) => [
        name,
        Math.max(usage[name], usageBefore[name] + (report[name] ?? 0)),
      ]),
    ) as unknown as UsageTotals,
  );

/** The live values with a report of the agent that has the work. Tokens without a cost count as free, and somebody should know. */
export const withUsage = (
  live: SessionLive,
  report: UsageReport,
  { agentId, at }: { readonly agentId: string | undefined; readonly at: string },
): SessionLive => {
  const counted = { ...live, usage: grown(live, report) };
  const tokens = report.inputTokens + report.outputTokens + report.reasoningTokens;
  if (report.costUsd !== undefined || tokens === 0) return counted;
  const message = `agent ${agentId} does not say what its tokens cost: cost_usd leaves them out`;
  return warnedOnce(counted, { type: 'unpriced_tokens', message, at });
};

const asLogLine = (event: Extract<WorkEvent, { type: 'log' | 'tool' }>): Omit<LogLine, 'logSeq'> => {
  const loggedAt = event.timestamp;
  if (event.type === 'log') return { level: event.level, source: event.source, message: event.message, loggedAt };
  const took = event.durationMs === undefined ? '' : ` (${event.durationMs} ms)`;
  const message = `${event.tool} ${event.status}${event.title === '' ? '' : `: ${event.title}`}${took}`;
  return { level: event.status === 'failed' ? 'warning' : 'info', source: 'tool', message, loggedAt };
};

/** Events that never came are told to whoever looks at the session. */
const warnedOfGap = (live: SessionLive, missing: number, { eventSeq, timestamp }: WorkEvent): SessionLive =>
  missing === 0
    ? live
    : warned(live, {
        type: 'event_gap',
        message: `${missing} reports before number ${eventSeq} are missing`,
        at: timestamp,
      });

const applyOne = (reported: Reported, event: WorkEvent): Reported => {
  const { assignment, logLines, checkpoints } = reported;
  const missing = event.eventSeq - assignment.lastEventSeq - 1;
  const live = warnedOfGap(reported.live, missing, event);
  const numbered: Assignment = {
    ...assignment,
    state: 'running',
    lastEventSeq: event.eventSeq,
    gaps: assignment.gaps + missing,
  };
  const seen: Reported = { ...reported, assignment: numbered, live };
  switch (event.type) {
    case 'log':
    case 'tool': {
      const logSeq = live.lastLogSeq + 1;
      const line = { ...asLogLine(event), logSeq };
      return { ...seen, live: { ...live, lastLogSeq: logSeq }, logLines: [...logLines, line] };
    }
    case 'started':
      return { ...seen, live: basedOn(live, event.baseCommit) };
    case 'progress': {
      const { percent, message, step, totalSteps } = event;
      return { ...seen, live: { ...live, progress: { percent, message, step, totalSteps, at: event.timestamp } } };
    }
    case 'metrics':
      return {
        ...seen,
        live: withUsage(live, event.usage, { agentId: assignment.agentId, at: event.timestamp }),
      };
    case 'status':
      return { ...seen, word: { status: event.status, detail: event.reason } };
    case 'checkpoint':
      return { ...seen, checkpoints: [...checkpoints, event] };
  }
};

/**
 * Applies a batch in the order of its numbers. What was seen before counts once; a jump is accepted and counted as a gap.
 */
export const applyEvents = (assignment: Assignment, live: SessionLive, batch: readonly WorkEvent[]): Reported =>
  [...batch]
    .sort((a, b) => a.eventSeq - b.eventSeq)
    .reduce<Reported>(
      (reported, event) => (event.eventSeq <= reported.assignment.lastEventSeq ? reported : applyOne(reported, event)),
      { assignment, live, logLines: [], checkpoints: [] },
    );
