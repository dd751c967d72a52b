import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeAwaitAgent } from '#application/await-agent';
import { makeAwaitSlot } from '#application/await-slot';
import { makeBeginAttempt } from '#application/begin-attempt';
import { makeJudgeOutcome } from '#application/judge-outcome';
import { makeRecordOutcome } from '#application/record-outcome';
import { makeWakeSession } from '#application/wake-session';
import { readMachine } from '#test/support/asl-runner/definition';
import { type History, makeStepFunctions } from '#test/support/asl-runner/run-machine';
import { virtualTime } from '#test/support/asl-runner/virtual-time';
import { eventually } from '#test/support/eventually';
import type { apiOver } from '#test/support/in-process-api';

const DEFINITION = path.join(import.meta.dirname, '../../state-machines/session-lifecycle.asl.json');

/** As long as the ones of Step Functions may be expected to be; a shorter one would make a wait look cheaper than it is. */
export const TOKEN_LENGTH = 1000;

interface Payload {
  readonly session_id: string;
  readonly run: number;
  readonly task_token?: string;
}

export type Record = <T>(operation: string, act: () => Promise<T>) => Promise<T>;

/** The real state machine over the functions of the workflow, each state measured under its name. */
export const lifecycleOf = ({ ports, clock }: ReturnType<typeof apiOver>, tenantId: string, record: Record) => {
  const { ids, digest, storeOf } = ports;
  const store = storeOf(tenantId);
  let busy = 0;

  const tokens = {
    complete: async (taskToken: string) => {
      machine.sendTaskSuccess(taskToken);
    },
  };
  const waiting = ({ session_id, run, task_token = '' }: Payload) => ({
    sessionId: session_id,
    run,
    taskToken: task_token,
  });
  const step = ({ session_id, run }: Payload) => ({ sessionId: session_id, run });

  const steps: { readonly [functionName: string]: (payload: Payload) => Promise<unknown> } = {
    ClaimSlotFunction: (payload) => makeAwaitSlot({ store, tokens, clock })(waiting(payload)),
    BeginAttemptFunction: async (payload) => ({
      attempt: await makeBeginAttempt({ store, clock, ids, digest })(step(payload)),
    }),
    RunOnAgentFunction: (payload) => makeAwaitAgent({ store, tokens, clock, ids })(waiting(payload)),
    JudgeOutcomeFunction: async (payload) => ({ outcome: await makeJudgeOutcome({ store })(step(payload)) }),
    RecordOutcomeFunction: async (payload) => {
      const { status } = await makeRecordOutcome({ store, clock, ids })(step(payload));
      return { success: status === 'completed', error: status, cause: status };
    },
  };

  const machine = makeStepFunctions(readMachine(readFileSync(DEFINITION, 'utf8')), {
    time: virtualTime(clock),
    tokenLength: TOKEN_LENGTH,
    invoke: async ({ state, functionName, payload }) => {
      const act = steps[functionName];
      if (act === undefined) throw new Error(`${state} calls ${functionName}, which is not measured`);
      busy++;
      try {
        return await record(state, () => act(payload as Payload));
      } finally {
        busy--;
      }
    },
  });

  return {
    /** Starts the execution of a session. */
    start: (sessionId: string) => machine.start(sessionId, { tenant_id: tenantId, session_id: sessionId, run: 1 }),
    /** Until the execution waits in a state, or has ended in it. */
    arrival: ({ entered }: History, state: string) =>
      eventually(`the state ${state}`, () => busy === 0 && entered.at(-1)?.state === state),
    wake: makeWakeSession({ store, tokens, clock }),
  };
};
