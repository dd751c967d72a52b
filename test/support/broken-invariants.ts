import type { Item } from '#adapters/dynamodb/item-engine';
import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { isTerminal, isUnderWay, type SessionStatus } from '#domain/session/status';
import { entities } from './ports-in-memory.ts';

const openWork = (items: readonly Item[]) =>
  entities(items, 'assignment').filter((item) => isOpen(item as unknown as Assignment));

/** Counters of gates that are not what they count, slots above the limit, and waiters beside a free slot. */
export const gateProblems = (items: readonly Item[]): string[] => {
  const [holders, waiters] = [entities(items, 'holder').length, entities(items, 'waiter').length];
  return entities(items, 'gate').flatMap(({ held, waiting, limit }) => [
    ...(held === holders ? [] : [`held ${held}, holders ${holders}`]),
    ...(waiting === waiters ? [] : [`waiting ${waiting}, waiters ${waiters}`]),
    ...(holders <= Number(limit) ? [] : [`${holders} holders at limit ${limit}`]),
    ...(waiters > 0 && holders < Number(limit) ? [`${waiters} wait beside ${holders} holders`] : []),
  ]);
};

const eventProblems = (items: readonly Item[]): string[] => {
  const heads = [
    ...entities(items, 'session').map(({ id, version }) => [`session:${id}`, Number(version)] as const),
    ...entities(items, 'agent').map(({ id, version }) => [`agent:${id}`, Number(version)] as const),
  ];
  const events = entities(items, 'event');
  return heads.flatMap(([stream, version]) => {
    const seqs = events.filter((event) => event['stream'] === stream).map(({ seq }) => Number(seq));
    const isWhole = seqs.length === version && Math.max(...seqs) === version && Math.min(...seqs) === 1;
    return isWhole ? [] : [`${stream} is at version ${version} with events ${seqs}`];
  });
};

const agentProblems = (items: readonly Item[]): string[] =>
  entities(items, 'agent').flatMap(({ id, reserved, routed, maxConcurrentTasks }) => {
    const held = openWork(items).filter(({ agentId }) => agentId === id).length;
    const kept = openWork(items).filter(
      ({ state, routedAgentId }) => state === 'pending' && routedAgentId === id,
    ).length;
    return [
      ...(reserved === held + kept ? [] : [`agent ${id} has ${reserved} units for ${held} + ${kept} assignments`]),
      ...(Number(reserved) <= Number(maxConcurrentTasks)
        ? []
        : [`agent ${id} has ${reserved} units of ${maxConcurrentTasks}`]),
      ...(routed === kept ? [] : [`agent ${id} counts ${routed} routed assignments of ${kept}`]),
    ];
  });

const placeProblems = (items: readonly Item[]): string[] => {
  const owners = (entity: string) => entities(items, entity).map(({ owner }) => owner);
  const [holders, waiters] = [owners('holder'), owners('waiter')];
  return entities(items, 'session').flatMap(({ id, status }) => {
    const is = status as SessionStatus;
    const [holds, waits] = [holders.includes(id), waiters.includes(id)];
    const work = openWork(items).filter(({ sessionId }) => sessionId === id).length;
    return [
      ...(isUnderWay(is) && !holds ? [`${id} is ${is} without a slot`] : []),
      ...(is === 'queued' && holds === waits ? [`${id} is queued with slot: ${holds}, place: ${waits}`] : []),
      ...(isTerminal(is) && (holds || waits) ? [`${id} is ${is} with slot: ${holds}, place: ${waits}`] : []),
      ...(work > (isUnderWay(is) ? 1 : 0) ? [`${id} is ${is} with ${work} open assignments`] : []),
    ];
  });
};

/** What must be true of a tenant's items after every commit, whoever made it. */
export const brokenInvariants = (items: readonly Item[]): string[] => [
  ...gateProblems(items),
  ...eventProblems(items),
  ...agentProblems(items),
  ...placeProblems(items),
];

/** What is still taken although everything has ended. */
export const notAtRest = (items: readonly Item[]): string[] => [
  ...entities(items, 'session').flatMap(({ id, status }) =>
    isTerminal(status as SessionStatus) ? [] : [`${id} is ${status}`],
  ),
  ...['holder', 'waiter'].flatMap((entity) => entities(items, entity).map((item) => `${entity} ${item.pk}`)),
  // a wait that a killed step left behind is looked at, and then removed
  ...entities(items, 'wait').flatMap(({ pk, dueAt }) => (dueAt ? [] : [`wait ${pk} that nobody looks at`])),
  ...openWork(items).map(({ id }) => `assignment ${id} is open`),
];
