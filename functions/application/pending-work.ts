import type { Agent } from '#domain/agent/agent';
import type { Assignment } from '#domain/assignment/assignment';
import { isRoutedTo } from '#domain/routing/claimable';
import type { AssignmentStore } from './ports/tenant-store.ts';

const PAGE = 25;

/**
 * Pending work in the order in which an agent may ask for it: its own in the order of the queue, then the queue, page by
 * page, so that work nobody can take stops no other.
 */
export async function* pendingWorkFor(store: AssignmentStore, agent: Agent): AsyncGenerator<Assignment> {
  const held = agent.routed > 0 ? await store.listHeld(agent.id) : [];
  const own = held.filter((one) => one.state === 'pending' && isRoutedTo(one, agent.id));
  yield* own.toSorted((a, b) => (a.queueKey < b.queueKey ? -1 : 1));
  const isOwn = new Set(own.map(({ id }) => id));
  let after: string | undefined;
  do {
    const page = await store.listPending(PAGE, after);
    yield* page.filter(({ id, state }) => state === 'pending' && !isOwn.has(id));
    after = page.length < PAGE ? undefined : page.at(-1)?.queueKey;
  } while (after !== undefined);
}
