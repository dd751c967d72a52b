import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';
import type { FunctionName } from '#lib/functions';

export interface SessionLifecycleProps extends StageProps {
  readonly table: TenantTable;
  /** The `.asl.json` file. */
  readonly file: string;
}

/** The machine that drives one run of a session, with the functions of its steps. */
export class SessionLifecycle extends Construct {
  readonly machine: AslStateMachine;

  constructor(scope: Construct, id: string, { table, file, settings, code }: SessionLifecycleProps) {
    super(scope, id);
    const step = (name: FunctionName, ...indexes: 'gsi1'[]) => {
      const fn = new NodeFunction(this, name, {
        settings,
        code,
        timeout: Duration.seconds(30),
        environment: { TABLE_NAME: table.tableName },
      });
      table.grantRead(fn, ...indexes);
      return fn;
    };
    const claimSlot = step('claim-slot');
    const beginAttempt = step('begin-attempt');
    const runOnAgent = step('run-on-agent', 'gsi1');
    const judgeOutcome = step('judge-outcome');
    const scheduleRetry = step('schedule-retry');
    const recordOutcome = step('record-outcome');
    for (const writer of [claimSlot, beginAttempt, runOnAgent, scheduleRetry, recordOutcome]) table.grantWrite(writer);
    for (const ender of [beginAttempt, recordOutcome]) table.grantTally(ender);
    this.machine = new AslStateMachine(this, 'StateMachine', {
      file,
      functions: {
        ClaimSlotFunction: claimSlot,
        BeginAttemptFunction: beginAttempt,
        RunOnAgentFunction: runOnAgent,
        JudgeOutcomeFunction: judgeOutcome,
        ScheduleRetryFunction: scheduleRetry,
        RecordOutcomeFunction: recordOutcome,
      },
    });
    this.machine.grantTaskSuccess(claimSlot);
    this.machine.grantTaskSuccess(runOnAgent);
  }
}
