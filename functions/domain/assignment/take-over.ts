import type { Assignment } from './assignment.ts';
import { isDeadlineOver } from './lease.ts';

/** Grants of one attempt without progress in between; the work of an agent that was lost oftener is given up. */
export const MAX_GRANTS = 3;

const EXCLUDED_MS = 300_000;

/** Whether the agent was lost, so that another one may go on with the work while there is working time left. */
export const isTakenOver = (assignment: Assignment): boolean =>
  assignment.state === 'expired' &&
  assignment.agentId !== undefined &&
  assignment.grant < MAX_GRANTS &&
  !isDeadlineOver(assignment, Date.parse(assignment.endedAt ?? assignment.createdAt));

/** Whether the agent let its lease run out. One that registered anew gave its work up before, and may have it again. */
const isSilenced = (lost: Assignment): lost is Assignment & { endedAt: string } =>
  lost.endedAt !== undefined && lost.leaseUntil !== undefined && lost.leaseUntil <= lost.endedAt;

/** What the next assignment of the attempt takes over: higher fencing tokens, and who is passed over for now. */
export const successor = (
  lost: Assignment,
  { madeProgress }: { madeProgress: boolean },
): Pick<Assignment, 'fencingToken' | 'grant' | 'excludedAgentId' | 'excludedUntil'> => ({
  fencingToken: lost.fencingToken,
  grant: madeProgress ? 1 : lost.grant + 1,
  ...(isSilenced(lost)
    ? {
        excludedAgentId: lost.agentId,
        excludedUntil: new Date(Date.parse(lost.endedAt) + EXCLUDED_MS).toISOString(),
      }
    : {}),
});
