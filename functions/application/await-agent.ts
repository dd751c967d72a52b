import { agentWaitEnd } from '#domain/assignment/agent-wait';
import { type Assignment, newAssignment } from '#domain/assignment/assignment';
import { workedUntil } from '#domain/assignment/lease';
import { isTakenOver, successor } from '#domain/assignment/take-over';
import { queueKey } from '#domain/routing/dispatch-queue';
import { technologiesOf } from '#domain/routing/routing-request';
import { awaitAgent, type SessionLive, stopClock } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import { isUnderWay } from '#domain/session/status';
import { onTheWay, type Wait } from '#domain/session/wait';
import { isAgentWaitOver } from '#domain/session/wait-over';
import { warned } from '#domain/session/warning';
import type { StepInput } from './await-slot.ts';
import { drivenSession } from './driven-session.ts';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { type Routed, routeAssignment } from './route-assignment.ts';

/** Dispatches that lose a unit so often leave the work to whoever claims it. */
const MAX_ROUTINGS = 7;

/** Live values in which nothing is worked on. The clock of an agent that has registered anew stands since its work ended. */
const atRest = (live: SessionLive, lost: Assignment | undefined): SessionLive =>
  lost?.endedAt === undefined
    ? live
    : warned(stopClock(live, workedUntil(lost, Date.parse(lost.endedAt))), {
        type: 'agent_takeover',
        message: `agent ${lost.agentId} was lost; the work goes on with another one or a later grant`,
        at: lost.endedAt,
      });

/**
 * Run On Agent: opens the attempt's assignment, unless it has one, and waits for its end.
 * The token is stored first, so that an end in between wakes the wait.
 */
export const makeAwaitAgent = ({
  store,
  tokens,
  clock,
  ids,
}: {
  store: TenantStore;
  tokens: TaskTokens;
  clock: Clock;
  ids: Identifiers;
}) => {
  const newWork = (session: Session, lost: Assignment | undefined): Assignment => {
    const id = ids.ulid();
    const now = clock.now();
    const newest = session.latestCheckpoint?.sequence ?? 0;
    return newAssignment(
      {
        tenantId: store.tenantId,
        id,
        sessionId: session.id,
        attempt: session.attempt,
        priority: session.priority,
        queueKey: queueKey(now, session.priority, id),
        requiredCapabilities: session.requiredCapabilities,
        technologies: technologiesOf(session),
        maxDurationSeconds: session.maxDurationSeconds,
        waitUntil: agentWaitEnd(session, now),
        openedAtCheckpoint: newest,
        ...(lost ? successor(lost, { madeProgress: newest > lost.openedAtCheckpoint }) : {}),
      },
      new Date(now).toISOString(),
    );
  };

  const place = async (
    session: Session,
    { lost, failedAgentId }: { lost: Assignment | undefined; failedAgentId: string | undefined },
    mayRoute: boolean,
  ): Promise<Routed> => {
    const work = newWork(session, lost);
    if (mayRoute) return routeAssignment({ store, ids }, { session, work, failedAgentId }, clock.now());
    return { assignment: { ...work, waitingReason: 'capacity' }, writes: [] };
  };

  const openAssignment = async (sessionId: string, run: number, mayRoute: boolean): Promise<Assignment | undefined> => {
    // live values first: a cancel that comes after this read loses or wins against the commit below, never passes unseen
    const live = await store.findLive(sessionId);
    const session = await drivenSession(store, sessionId);
    if (session.run !== run || !isUnderWay(session.status)) return undefined;
    if (live === undefined) throw new Error('a session under way has live values');
    const current = live.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    if (current && !isTakenOver(current)) return current;
    const { assignment, writes } = await place(session, { lost: current, failedAgentId: live.failedAgentId }, mayRoute);
    await store.commit([
      { kind: 'assignment', before: null, after: assignment },
      { kind: 'session-live', before: live, after: awaitAgent(atRest(live, current), assignment.id) },
      ...writes,
    ]);
    return assignment;
  };

  const openPatiently = (sessionId: string, run: number): Promise<Assignment | undefined> => {
    let tries = 0;
    return retryConflict(clock, () => openAssignment(sessionId, run, ++tries <= MAX_ROUTINGS));
  };

  return async ({ sessionId, run, taskToken }: StepInput & { taskToken: string }): Promise<void> => {
    const since = new Date(clock.now()).toISOString();
    // looked at when the wait before was due, which rewrites no index
    const { dueAt } = onTheWay((await store.findWait(sessionId)) ?? { sessionId, run }, clock.now());
    const wait: Wait = { sessionId, run, state: 'run-on-agent', taskToken, since, dueAt };
    const stored = await store.putWait(wait);
    const assignment = stored ? await openPatiently(sessionId, run) : undefined;
    if (stored && !isAgentWaitOver(await drivenSession(store, sessionId), run, assignment)) return;
    await tokens.complete(taskToken);
    if (stored) await store.replaceWait(wait, onTheWay(wait, clock.now()));
  };
};
