import type { Assignment } from '#domain/assignment/assignment';
import { type AcceptedCall, hasSign, hearCall, signsOf, wordSince } from '#domain/assignment/signs';
import { followSigns } from '#domain/session/degraded';
import type { SessionChange } from '#domain/session/transition';
import { sessionWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { AgentStore, SessionStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

interface Ports {
  readonly store: SessionStore & AgentStore;
  readonly ids: Identifiers;
}

/**
 * What a change of the signs at its work does to a session, for the transaction that stores the assignment. Work that shows
 * none before and after costs no read.
 */
export const changeBySigns = async (
  { store }: Ports,
  before: Assignment,
  after: Assignment,
  now: number,
): Promise<SessionChange | undefined> => {
  if (!hasSign(before) && !hasSign(after)) return undefined;
  const session = await store.findSession(after.sessionId);
  return session && followSigns(session, signsOf(after), now);
};

/** The same as writes. */
export const signWrites = async (
  ports: Ports,
  before: Assignment,
  after: Assignment,
  now: number,
): Promise<Write[]> => {
  const change = await changeBySigns(ports, before, after, now);
  return change ? sessionWrites(change, ports.ids) : [];
};

/** The work after an accepted call of its agent; whether it is degraded, the agent may have said elsewhere. */
export const hearWork = async (
  { store }: Pick<Ports, 'store'>,
  assignment: Assignment,
  call: AcceptedCall,
): Promise<Assignment> => {
  const { agentId } = assignment;
  const isOpenQuestion = call.word === undefined && agentId !== undefined && hasSign(assignment, 'agent_degraded');
  const word = isOpenQuestion ? wordSince(assignment, await store.getAgent(agentId)) : call.word;
  return hearCall(assignment, { ...call, word });
};
