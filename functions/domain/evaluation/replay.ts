import type { AssignmentResult } from '#domain/assignment/result';
import type { Session } from '#domain/session/session';
import { isTerminal } from '#domain/session/status';
import type { EvaluatedPair } from './evaluation.ts';

export const REPLAY_SIDES = ['candidate', 'baseline'] as const;
/** Which of the two models does the work. */
export type ReplaySide = (typeof REPLAY_SIDES)[number];

/** How far one model has come with one item. */
export interface ReplayTry {
  /** The newest session; absent before the first. */
  readonly sessionId?: string | undefined;
  readonly tries: number;
  /** Whether it is still being worked on. */
  readonly isOpen: boolean;
  /** Not tried again before then. */
  readonly notBefore?: string | undefined;
  readonly passed?: boolean | undefined;
}

/** A sample whose work both models do once more. */
export interface ReplayItem extends Readonly<Record<ReplaySide, ReplayTry>> {
  /** The session that the sample was made of. */
  readonly sessionId: string;
  /** Why the pair does not count. */
  readonly leftOut?: string | undefined;
}

/** Held-out work of an attempt of a training job, done as real sessions by both models. */
export interface Replay {
  readonly jobId: string;
  readonly attempt: number;
  readonly models: Readonly<Record<ReplaySide, string>>;
  /** From which success rate on a session passes. */
  readonly minSuccessRate: number;
  /** What one session may cost; one that costs more does not pass. */
  readonly maxCostUsd: number;
  readonly startedAt: string;
  readonly items: readonly ReplayItem[];
  /** Since when no turn is begun any more, because nobody waits for the outcome. */
  readonly closedAt?: string | undefined;
  readonly revision: number;
}

/** Sessions of one replay that are open at a time. */
export const MAX_OPEN_REPLAYS = 4;
const MAX_TRIES = 2;
const AGAIN_MS = 600_000;
const LONGEST_MS = 24 * 3600 * 1000;

const UNTRIED: ReplayTry = { tries: 0, isOpen: false };

/** Work that is to be done by both models. */
export const newReplay = (fields: Omit<Replay, 'items' | 'revision'>, sessionIds: readonly string[]): Replay => ({
  ...fields,
  items: sessionIds.map((sessionId) => ({ sessionId, candidate: UNTRIED, baseline: UNTRIED })),
  revision: 0,
});

/** What kept a session from showing what its model can do, by the code of its error. */
const WANTS: Readonly<Record<string, string>> = {
  AGENT_UNAVAILABLE: 'agent',
  AGENT_LEASE_EXPIRED: 'agent',
  SESSION_ORPHANED: 'agent',
  UPSTREAM_ERROR: 'provider',
  SERVICE_UNAVAILABLE: 'provider',
  REPOSITORY_REFUSED: 'repository',
  BUDGET_EXHAUSTED: 'budget',
};

type Head = 'status' | 'statusReason' | 'error' | 'successRate' | 'modelIdentifier';

/** What is known of a session that does the work: its head, what it has cost by its agent's last report, and once it has ended, its result. */
export type ReplaySession = Pick<Session, Head> & {
  readonly costUsd: number;
  readonly result?: Pick<AssignmentResult, 'model' | 'simulated'> | undefined;
};
type Limits = Pick<Replay, 'minSuccessRate' | 'maxCostUsd'>;

/** Why the work of a session is not that of the model it asks for, by what its agent says. */
const standInOf = ({ modelIdentifier, result }: ReplaySession): string | undefined => {
  if (result?.simulated) return 'simulated';
  return result?.model !== undefined && result.model !== modelIdentifier ? 'model' : undefined;
};

/** Why a session says nothing of its model; undefined where it does. */
const wantOf = ({ status, statusReason, error }: ReplaySession): string | undefined => {
  if (status === 'cancelled' || status === 'stopped') return 'cancelled';
  if (status === 'orphaned' || statusReason === 'queue_ttl') return 'agent';
  return error && Object.hasOwn(WANTS, error.code) ? WANTS[error.code] : undefined;
};

/** Also one that is over, since a model that needs more money than it may does not do the work. For a person one waits in vain. */
const isSpent = ({ status, costUsd }: ReplaySession, { maxCostUsd }: Pick<Limits, 'maxCostUsd'>): boolean =>
  status === 'paused' || costUsd > maxCostUsd;

/** Whether a session is to be cancelled: it waits for a person, or costs more than it may, and counts as not passed. */
export const isToStop = (session: ReplaySession, limits: Pick<Limits, 'maxCostUsd'>): boolean =>
  !isTerminal(session.status) && isSpent(session, limits);

/** What became of a session: passed or not, in want of something, or nothing yet. */
export const judgeReplay = (
  session: ReplaySession | undefined,
  limits: Limits,
): { readonly passed: boolean } | { readonly want: string } | undefined => {
  if (session === undefined) return { want: 'cancelled' };
  const standIn = standInOf(session);
  if (standIn !== undefined) return { want: standIn };
  if (isSpent(session, limits)) return { passed: false };
  if (!isTerminal(session.status)) return undefined;
  const want = wantOf(session);
  return want === undefined ? { passed: (session.successRate ?? 0) >= limits.minSuccessRate } : { want };
};

const heardSide = (
  item: ReplayItem,
  side: ReplaySide,
  session: ReplaySession | undefined,
  { now, ...limits }: Limits & { readonly now: number },
): ReplayItem => {
  const judged = item[side].isOpen ? judgeReplay(session, limits) : undefined;
  if (judged === undefined) return item;
  const ended = { ...item[side], isOpen: false };
  if ('passed' in judged) return { ...item, [side]: { ...ended, passed: judged.passed } };
  if (ended.tries >= MAX_TRIES) return { ...item, [side]: ended, leftOut: item.leftOut ?? judged.want };
  return { ...item, [side]: { ...ended, notBefore: new Date(now + AGAIN_MS).toISOString() } };
};

const isDecided = ({ leftOut, candidate, baseline }: ReplayItem): boolean =>
  leftOut !== undefined || (candidate.passed !== undefined && baseline.passed !== undefined);

/** A replay after a look at its open sessions. What has taken longer than a day is left out. */
export const heardReplay = (replay: Replay, sessions: ReadonlyMap<string, ReplaySession>, now: number): Replay => {
  const { minSuccessRate, maxCostUsd } = replay;
  const isLate = now >= Date.parse(replay.startedAt) + LONGEST_MS;
  const items = replay.items.map((item) => {
    const heard = REPLAY_SIDES.reduce(
      (known, side) =>
        heardSide(known, side, sessions.get(known[side].sessionId ?? ''), { minSuccessRate, maxCostUsd, now }),
      item,
    );
    return isLate && !isDecided(heard) ? { ...heard, leftOut: 'time' } : heard;
  });
  return { ...replay, items };
};

/** Sessions that nobody needs the outcome of any more. */
export const needlessSessions = ({ items }: Replay): readonly string[] =>
  items.flatMap((item) => (item.leftOut === undefined ? [] : openOf(item)));

const openOf = (item: ReplayItem): readonly string[] =>
  REPLAY_SIDES.flatMap((side) => (item[side].isOpen ? [item[side].sessionId ?? []].flat() : []));

/** Sessions under way. */
export const openSessions = ({ items }: Replay): readonly string[] => items.flatMap(openOf);

/** One model's turn at one item. */
export interface ReplayTurn {
  readonly index: number;
  readonly side: ReplaySide;
}

/** What is to be begun next; undefined while enough is open, or nothing can be. Both models take their turns at an item together. */
export const nextTurn = (replay: Replay, now: number): ReplayTurn | undefined => {
  if (replay.closedAt !== undefined || openSessions(replay).length >= MAX_OPEN_REPLAYS) return undefined;
  const turns = replay.items.flatMap((item, index) =>
    item.leftOut === undefined ? REPLAY_SIDES.map((side) => ({ index, side, turn: item[side] })) : [],
  );
  const isDue = ({ passed, isOpen, notBefore }: ReplayTry) =>
    passed === undefined && !isOpen && (notBefore === undefined || now >= Date.parse(notBefore));
  const found = turns.find(({ turn }) => isDue(turn));
  return found && { index: found.index, side: found.side };
};

/** The replay with a session at work on a turn. */
export const begunTurn = (replay: Replay, { index, side }: ReplayTurn, sessionId: string): Replay => ({
  ...replay,
  items: replay.items.map((item, at) =>
    at === index ? { ...item, [side]: { sessionId, tries: item[side].tries + 1, isOpen: true } } : item,
  ),
});

/** The replay with a pair left out. */
export const withoutItem = (replay: Replay, index: number, reason: string): Replay => ({
  ...replay,
  items: replay.items.map((item, at) => (at === index ? { ...item, leftOut: reason } : item)),
});

/** The replay in which no turn is begun any more. */
export const closedReplay = (replay: Replay, at: string): Replay => ({ ...replay, closedAt: replay.closedAt ?? at });

/** Whether every pair counts or is left out, and nothing is under way. */
export const isReplayOver = (replay: Replay): boolean =>
  replay.items.every(isDecided) && openSessions(replay).length === 0;

/** The pairs that count, and how many do not, by the reason. */
export const replayResults = ({
  items,
}: Replay): { readonly pairs: readonly EvaluatedPair[]; readonly notReplayed: Readonly<Record<string, number>> } => {
  const notReplayed: Record<string, number> = {};
  const pairs: EvaluatedPair[] = [];
  for (const { sessionId, candidate, baseline, leftOut } of items) {
    if (leftOut === undefined)
      pairs.push({
        sessionId,
        candidateSessionId: candidate.sessionId ?? null,
        baselineSessionId: baseline.sessionId ?? null,
        candidate: candidate.passed === true,
        baseline: baseline.passed === true,
      });
    else notReplayed[leftOut] = (notReplayed[leftOut] ?? 0) + 1;
  }
  return { pairs, notReplayed };
};
