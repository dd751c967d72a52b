import { type AgentCalls, type Directive, isPassing, type NumberedEvent, type WorkEvent } from './control-plane.ts';
import { pause, within } from './pause.ts';
import type { SecretFilter } from './secret-filter.ts';

/** Reports what happens on one assignment. */
export interface EventReporter {
  report(event: WorkEvent): void;
  /** Sends what is left and ends; gives up after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export interface EventReporterOptions {
  readonly calls: Pick<AgentCalls, 'reportEvents'>;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly secrets: SecretFilter;
  /** A batch that the control plane refuses for good. It is dropped. */
  readonly onRefused: (error: unknown) => void;
  /** What the control plane wants, as it says with every batch. */
  readonly onDirectives: (directives: readonly Directive[]) => void;
  readonly now?: () => Date;
}

const longestWaitMs = 1_000;
const largestBatch = 64;
const largestBatchBytes = 200 * 1024;
const mostCheckpoints = 10;
const longestMessage = 8_000;
const longestQueue = 10_000;

/**
 * Sends events in batches, at the latest a second after the first or with 64 of them. Events keep their number when a
 * batch has to be sent again, so that the control plane counts it once.
 */
export function eventReporter({
  calls,
  assignmentId,
  fencingToken,
  secrets,
  onRefused,
  onDirectives,
  now = () => new Date(),
}: EventReporterOptions): EventReporter {
  const queue: NumberedEvent[] = [];
  let lastSeq = 0;
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => {
      sending = undefined;
    });
    return sending;
  };

  const drain = async () => {
    for (let failures = 0; queue.length > 0; ) {
      const batch = nextBatch(queue);
      try {
        const { directives } = await calls.reportEvents(assignmentId, { fencing_token: fencingToken, events: batch });
        failures = 0;
        queue.splice(0, batch.length);
        onDirectives(directives);
      } catch (error) {
        if (isPassing(error) && !isClosed) {
          failures += 1;
          await pause(Math.min(5_000, 250 * 2 ** failures));
        } else {
          queue.splice(0, batch.length);
          onRefused(error);
        }
      }
    }
  };

  return {
    report(event) {
      if (isClosed) return;
      lastSeq += 1;
      // a control plane that is away for long gets a gap in the numbers instead of filling the memory here
      if (queue.length >= longestQueue) return;
      queue.push({ ...cleaned(event, secrets), event_seq: lastSeq, timestamp: now().toISOString() });
      if (queue.length >= largestBatch) void send();
      else timer ??= setTimeout(send, longestWaitMs);
    },
    async close(timeoutMs) {
      await within(timeoutMs, send());
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function nextBatch(queue: readonly NumberedEvent[]): NumberedEvent[] {
  const batch: NumberedEvent[] = [];
  let bytes = 0;
  for (const event of queue.slice(0, largestBatch)) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (batch.length > 0 && bytes > largestBatchBytes) break;
    if (event.type === 'checkpoint' && batch.filter(({ type }) => type === 'checkpoint').length === mostCheckpoints)
      break;
    batch.push(event);
  }
  return batch;
}

function cleaned(event: WorkEvent, secrets: SecretFilter): WorkEvent {
  if (event.type === 'log') return { ...event, message: cut(secrets.clean(event.message), longestMessage) };
  if (event.type === 'progress' && event.message !== undefined)
    return { ...event, message: cut(secrets.clean(event.message), 500) };
  if (event.type === 'checkpoint' && typeof event.data['summary'] === 'string')
    return { ...event, data: { ...event.data, summary: secrets.clean(event.data['summary']) } };
  if (event.type === 'tool') return { ...event, title: cut(secrets.clean(event.title ?? ''), 200) };
  return event;
}

const mark = '…[cut]';

/** At most `characters` of the text, with a mark when something is missing. */
export function cut(text: string, characters: number): string {
  const printable = text.replaceAll('\u0000', '\ufffd');
  return printable.length > characters ? printable.slice(0, characters - mark.length) + mark : printable;
}
