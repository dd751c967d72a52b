import { InvalidInput } from '#domain/errors';
import { adjustedTime } from '#domain/gate/priority';
import { sameJson } from '#domain/same-json';
import { wireName } from '#domain/wire-name';
import { OperationNotAllowed } from './operation-not-allowed.ts';
import type { Session, SessionInput } from './session.ts';
import { isSettled, isUnderWay, type SessionStatus } from './status.ts';
import { record, type SessionChange } from './transition.ts';

type InHead = Pick<
  Session,
  | 'title'
  | 'description'
  | 'priority'
  | 'modelIdentifier'
  | 'requiredCapabilities'
  | 'maxDurationSeconds'
  | 'queueTtlSeconds'
  | 'autoRetry'
  | 'tags'
>;
type InInput = Pick<SessionInput, 'prompt' | 'agentConfig' | 'metadata' | 'workspace' | 'cpuLimit' | 'memoryLimitMb'>;
type Patchable = InHead & InInput;
export type PatchField = keyof Patchable;

/** New values; null clears a field, absence leaves it. */
export type SessionPatch = { readonly [Field in PatchField]?: Patchable[Field] | null | undefined };

type Rule = (session: Pick<Session, 'status' | 'attempt'>) => boolean;

const always: Rule = () => true;
const whileNotSettled: Rule = ({ status }) => !isSettled(status);
const whileNothingRuns: Rule = ({ status }) => !isSettled(status) && !isUnderWay(status);
const beforeTheFirstStart: Rule = ({ status, attempt }) => status === 'pending' && attempt === 1;

/** When a client may change which field. */
const RULES: Readonly<Record<PatchField, Rule>> = {
  title: always,
  description: always,
  tags: always,
  metadata: always,
  priority: whileNotSettled,
  prompt: beforeTheFirstStart,
  workspace: beforeTheFirstStart,
  agentConfig: whileNothingRuns,
  modelIdentifier: whileNothingRuns,
  requiredCapabilities: whileNothingRuns,
  cpuLimit: whileNothingRuns,
  memoryLimitMb: whileNothingRuns,
  maxDurationSeconds: whileNotSettled,
  queueTtlSeconds: whileNotSettled,
  autoRetry: whileNotSettled,
};

export const DEFAULT_PRIORITY = 'medium';
export const DEFAULT_MAX_DURATION_SECONDS = 3600;
export const DEFAULT_QUEUE_TTL_SECONDS = 86_400;
export const DEFAULT_AUTO_RETRY = 'transient';

/** What a cleared field falls back to; absent ones just go. */
const CLEARED: Partial<Patchable> = {
  priority: DEFAULT_PRIORITY,
  maxDurationSeconds: DEFAULT_MAX_DURATION_SECONDS,
  queueTtlSeconds: DEFAULT_QUEUE_TTL_SECONDS,
  autoRetry: DEFAULT_AUTO_RETRY,
  requiredCapabilities: [],
  tags: [],
  agentConfig: {},
  metadata: {},
};

const IN_INPUT: ReadonlySet<PatchField> = new Set<keyof InInput>([
  'prompt',
  'agentConfig',
  'metadata',
  'workspace',
  'cpuLimit',
  'memoryLimitMb',
]);

const isInInput = (field: PatchField): boolean => IN_INPUT.has(field);

const HAS_USED_TIME: readonly SessionStatus[] = ['running', 'paused', 'degraded'];

const checkDuration = ({ status }: Session, wanted: number, used: number) => {
  if (HAS_USED_TIME.includes(status) && wanted <= used)
    throw new InvalidInput([
      { path: '/max_duration_seconds', message: `must be more than the ${Math.ceil(used)} seconds already worked` },
    ]);
};

/** A priority takes effect in the queue at once, counted from the same moment. */
const placeOf = ({ status, queuePlace, priority }: Session): Session['queuePlace'] =>
  queuePlace && status === 'queued'
    ? { ...queuePlace, adjustedMs: adjustedTime(Date.parse(queuePlace.since), priority) }
    : queuePlace;

export interface Patched {
  readonly change: SessionChange;
  readonly input: SessionInput;
  readonly changed: readonly PatchField[];
}

/**
 * A session with new values and the event that names them; undefined when nothing differs.
 * @throws OperationNotAllowed when the status does not allow one of the fields; then none is applied
 * @throws InvalidInput when the longest working time is used up already
 */
export const patchSession = (
  { session, input }: { session: Session; input: SessionInput },
  patch: SessionPatch,
  { at, usedSeconds }: { at: string; usedSeconds: number },
): Patched | undefined => {
  const named = (Object.keys(patch) as PatchField[]).filter((field) => patch[field] !== undefined);
  const refused = named.filter((field) => !RULES[field](session));
  if (refused.length > 0) {
    const fields = refused.map(wireName).join(', ');
    throw new OperationNotAllowed(session.status, `keeps its ${fields}`);
  }
  const current: Patchable = { ...session, ...input };
  const wanted = Object.fromEntries(
    named.map((field) => [field, patch[field] ?? CLEARED[field]]),
  ) as Partial<Patchable>;
  const changed = named.filter((field) => !sameJson(current[field], wanted[field]));
  if (changed.length === 0) return undefined;
  if (changed.includes('maxDurationSeconds')) checkDuration(session, wanted.maxDurationSeconds as number, usedSeconds);
  const valuesOf = (isWanted: (field: PatchField) => boolean) =>
    Object.fromEntries(changed.filter(isWanted).map((field) => [field, wanted[field]]));
  const head: Session = { ...session, ...valuesOf((field) => !isInInput(field)) };
  const moved = changed.includes('priority') ? { ...head, queuePlace: placeOf(head) } : head;
  const payload = { changed: changed.map(wireName) };
  return {
    change: { before: session, ...record(moved, [{ type: 'session.updated', payload }], at) },
    input: { ...input, ...valuesOf(isInInput) },
    changed,
  };
};

/** Whether what a client sent is among the changed fields, which stands in an item of its own. */
export const touchesInput = ({ changed }: Patched): boolean => changed.some(isInInput);
