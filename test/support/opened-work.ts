import { makeAwaitAgent } from '#application/await-agent';
import { makeBeginAttempt } from '#application/begin-attempt';
import type { anApi } from './in-process-api.ts';
import { recordingTokens } from './ports-in-memory.ts';

/** What the state machine's functions have of a tenant. */
export const machineOf = ({ ports }: ReturnType<typeof anApi>, tenantId: string) => {
  const { clock, ids, digest } = ports;
  return { store: ports.storeOf(tenantId), clock, ids, digest };
};

/** Takes the steps of the state machine up to the wait for an agent: from then on the session's work can be claimed. */
export const openWork = async (
  machine: ReturnType<typeof machineOf>,
  sessionId: string,
  { run = 1, taskToken = 'T' } = {},
): Promise<void> => {
  await makeBeginAttempt(machine)({ sessionId, run });
  await makeAwaitAgent({ ...machine, tokens: recordingTokens() })({ sessionId, run, taskToken });
};
