import type { RunState } from '#adapters/opencode/observation';
import { type Turn, usageOf } from '#adapters/opencode/turn';
import type { WorkEvent } from './control-plane.ts';
import { cut } from './event-reporter.ts';

type Part = Turn[number]['parts'][number];
type ToolPart = Extract<Part, { type: 'tool' }>;

/** Turns looks at a run into events: what is new since the look before. */
export type TurnNarrator = (state: RunState, turn: Turn) => WorkEvent[];

const shownOutput = 4_000;

/** A narrator that has seen nothing yet. */
export function turnNarrator(): TurnNarrator {
  const told = new Set<string>();
  let lastFigures = '';
  let failures = 0;
  const once: Once = (key, tell) => {
    if (told.has(key)) return [];
    told.add(key);
    return tell();
  };

  return (state, turn) => {
    const events = turn.flatMap((message, index) => [
      ...once(message.info.id, () => [{ type: 'progress', step: index + 1, message: `step ${index + 1}` }]),
      ...message.parts.flatMap((part) =>
        hasEnded(part, message.info.time.completed) ? once(part.id, () => tellText(part)) : [],
      ),
      ...message.parts.flatMap((part) => (part.type === 'tool' ? tellTool(part, message.info.path.cwd, once) : [])),
    ]);
    if (state.kind === 'retrying') {
      events.push(
        // status and messages are read one after the other: only the time of the next try tells retries apart
        ...once(`retry at ${state.nextAtMs}`, () => {
          failures += 1;
          return [
            log(
              'warning',
              'runner',
              `the model provider failed (${state.message}); trying again, attempt ${state.attempt}`,
            ),
          ];
        }),
      );
    }
    const figures = metricsOf(turn, failures);
    const changed = JSON.stringify(figures) !== lastFigures && turn.length > 0;
    if (changed) lastFigures = JSON.stringify(figures);
    return changed ? [...events, figures] : events;
  };
}

const log = (level: 'info' | 'warning', source: string, message: string): WorkEvent => ({
  type: 'log',
  level,
  source,
  message,
});

const hasEnded = (part: Part, messageEndedAt: number | undefined): boolean =>
  part.type === 'text' && (part.time?.end !== undefined || messageEndedAt !== undefined);

const tellText = (part: Part): WorkEvent[] =>
  part.type === 'text' && !part.synthetic && part.text.trim() !== '' ? [log('info', 'agent', part.text.trim())] : [];

type Once = (key: string, tell: () => WorkEvent[]) => WorkEvent[];

function tellTool(part: ToolPart, directory: string, once: Once): WorkEvent[] {
  const { tool, state } = part;
  const title = cut(titleOf(part, directory), 200);
  const started = () => once(`${part.id} started`, () => [{ type: 'tool', tool, title, status: 'started' }]);
  if (state.status === 'pending') return [];
  if (state.status === 'running') return started();
  return [
    ...started(),
    ...once(`${part.id} ended`, () => {
      const status = state.status === 'completed' ? 'completed' : 'failed';
      const duration_ms = Math.max(0, Math.round(state.time.end - state.time.start));
      return [{ type: 'tool', tool, title, status, duration_ms }, ...tellOutput(part)];
    }),
  ];
}

function tellOutput({ tool, state }: ToolPart): WorkEvent[] {
  if (state.status === 'error') return [log('warning', tool, cut(state.error, shownOutput))];
  if (state.status !== 'completed' || tool !== 'bash' || state.output.trim() === '') return [];
  return [log('info', tool, cut(state.output.trimEnd(), shownOutput))];
}

/** What a person recognizes the call by: its command, or its file as seen from the directory. */
function titleOf({ state }: ToolPart, directory: string): string {
  const { command, filePath, pattern, url, description } = state.input;
  const text = [command, filePath, pattern, url, description].find((value) => typeof value === 'string');
  const line = typeof text === 'string' ? (text.split('\n')[0] ?? '') : '';
  return line.startsWith(`${directory}/`) ? line.slice(directory.length + 1) : line;
}

function metricsOf(turn: Turn, api_errors: number): WorkEvent {
  return { type: 'metrics', ...usageReportOf(turn), api_errors };
}

/** The usage of a turn, as the wire names it. */
export function usageReportOf(turn: Turn) {
  const usage = usageOf(turn);
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    reasoning_tokens: usage.reasoning,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cost_usd: usage.costUsd,
    api_calls: usage.modelCalls,
  };
}
