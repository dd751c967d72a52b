import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { type IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { aslProblems } from '#lib/constructs/asl-problems';

export interface AslStateMachineProps {
  /** The `.asl.json` file. */
  readonly file: string;
  /** The functions it calls: `${Token}` in the file → function. */
  readonly functions: Readonly<Record<string, IFunction>>;
}

/**
 * A Standard state machine written as an ASL file. It may call the functions given, and nothing else.
 * @throws Error at synth that lists what the house rules forbid in the file
 */
export class AslStateMachine extends Construct {
  readonly arn: string;
  readonly #machine: StateMachine;

  constructor(scope: Construct, id: string, { file, functions }: AslStateMachineProps) {
    super(scope, id);
    const text = readFileSync(file, 'utf8');
    const problems = aslProblems(text, Object.keys(functions));
    if (problems.length > 0) throw new Error([`${file} is not acceptable:`, ...problems].join('\n- '));
    const arns = Object.fromEntries(Object.entries(functions).map(([token, { functionArn }]) => [token, functionArn]));
    this.#machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: arns,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // under this prefix one resource policy of the account covers every log group, whose size is limited
          logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}-${basename(file, '.asl.json')}`,
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    this.#machine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(arns) }),
    );
    this.arn = this.#machine.stateMachineArn;
  }

  /** Executions that have ended red, whoever or whatever ended them. */
  endedWithoutSuccess(): EventPattern {
    return {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [this.arn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    };
  }

  /** Starts executions. */
  grantStart(grantee: IGrantable): void {
    this.#machine.grantStartExecution(grantee);
  }

  /** Stops executions. */
  grantStop(grantee: IGrantable): void {
    this.#machine.grantExecution(grantee, 'states:StopExecution');
  }

  /** Completes task tokens. */
  grantTaskSuccess(grantee: IFunction): void {
    if (grantee.role === undefined) throw new Error(`${grantee.node.path} has no role`);
    // a policy beside the function: inside its role the machine and its own step functions would wait for each other
    new Policy(this, `${grantee.node.id}-task-success`, {
      statements: [new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [this.arn] })],
      roles: [grantee.role],
    });
  }
}
