import type { AssignmentStore } from '#application/ports/tenant-store';
import type { Assignment } from '#domain/assignment/assignment';
import { NotFound } from '#domain/errors';
import type { Item, ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

const MAX_HELD = 100;

/** Assignments of one tenant, its dispatch queue, and what each agent holds. */
export const makeAssignmentStore = (engine: ItemEngine, tenantId: string): AssignmentStore => {
  const find = finderOn(engine);
  const findAssignment = (id: string) => find<Assignment>(keys.assignmentKey(tenantId, id), 'assignment');
  const assignmentsOf = async (found: readonly Item[]): Promise<readonly Assignment[]> =>
    (await engine.getMany(found)).map((item) => entityOf<Assignment>(item, 'assignment') as Assignment);

  return {
    findAssignment,
    async getAssignment(id) {
      const assignment = await findAssignment(id);
      if (assignment === undefined) throw new NotFound('assignment');
      return assignment;
    },
    listPending: async (limit, after) =>
      assignmentsOf(await engine.query({ index: 'gsi2', pk: keys.dispatchQueue(tenantId), after, limit })),
    listHeld: async (agentId) =>
      assignmentsOf(
        await engine.query({
          index: 'gsi1',
          pk: keys.assignmentsOfAgent(tenantId, agentId),
          prefix: keys.PREFIX.granted(true),
          limit: MAX_HELD,
        }),
      ),
    async listGranted(agentId, { limit, after, open }) {
      const found = await engine.query({
        index: 'gsi1',
        pk: keys.assignmentsOfAgent(tenantId, agentId),
        ...(open === undefined ? {} : { prefix: keys.PREFIX.granted(open) }),
        after,
        descending: true,
        limit,
      });
      return {
        items: await assignmentsOf(found),
        next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined),
      };
    },
  };
};
