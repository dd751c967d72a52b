import type { Assignment } from '#domain/assignment/assignment';
import { isOverdue } from '#domain/assignment/lease';
import { ConcurrentUpdate } from '#domain/errors';
import { mayHaveWork, mayRouteAgain } from '#domain/routing/claimable';
import { allAgents } from './all-agents.ts';
import { giveUpWork } from './give-up-work.ts';
import { type KnownAgents, makePlaceAssignment, type Placed } from './place-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

const PAGE = 25;

/** As many pages as the work of the largest quota of sessions fills. */
const MAX_PAGES = 40;

/** A unit lost so often leaves the work to the next event. */
const MAX_RACES = 3;

/** What became of the waiting work that was looked at. */
export type Placement = Readonly<Record<Placed | 'givenUp', number>>;

/**
 * Routes work again that waits for an agent, in the order of the dispatch queue, and says anew why the rest waits. Whoever was
 * faster, be it a claim or another pass, is left alone. After the first page it ends where no agent has room for more, so that
 * a freed unit costs one page however long the queue is; `everything` goes on through all of it.
 */
export const makePlaceWork = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const place = makePlaceAssignment({ store, clock, ids });

  const learn = async (agents: KnownAgents): Promise<void> => {
    for (const agent of await allAgents(store)) agents.set(agent.id, agent);
  };

  /** Somebody may move the work or an agent: then both are read anew. */
  const placePatiently = async (agents: KnownAgents, pending: Assignment): Promise<Placed> => {
    let work: Assignment | undefined = pending;
    for (let races = 0; work && mayRouteAgain(work, clock.now()) && races < MAX_RACES; races++) {
      try {
        return await place(agents, work);
      } catch (error) {
        if (!(error instanceof ConcurrentUpdate)) throw error;
        await learn(agents);
        work = await store.findAssignment(work.id);
      }
    }
    return 'untouched';
  };

  const look = async (agents: KnownAgents, work: Assignment): Promise<keyof Placement> => {
    if (!isOverdue(work, clock.now())) return placePatiently(agents, work);
    await retryConflict(clock, () => giveUpWork({ store, clock, ids }, work));
    return 'givenUp';
  };

  const hasRoom = (agents: KnownAgents): boolean =>
    [...agents.values()].some((agent) => mayHaveWork(agent, clock.now()));

  return async ({ everything }: { everything: boolean }): Promise<Placement> => {
    const counts = { routed: 0, waiting: 0, givenUp: 0, untouched: 0 };
    const agents: KnownAgents = new Map();
    let after: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await store.listPending(PAGE, after);
      if (pages === 0 && page.length > 0) await learn(agents);
      const waiting = page.filter((work) => mayRouteAgain(work, clock.now()));
      for (const work of waiting) counts[await look(agents, work)]++;
      after = page.at(-1)?.queueKey;
      if (page.length < PAGE || !(everything || hasRoom(agents))) break;
    }
    return counts;
  };
};
