import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

/** As long as Lambda allows: a slice ends by itself after ten minutes. */
const TIMEOUT = Duration.minutes(15);
/** A part of 8 MB and an index of 20,000 lines, with room; and processor time for scrubbing. */
const MEMORY_MB = 1024;
const PATIENCE = Duration.hours(6);

export interface DatasetCurationProps extends StageProps {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
  /** The `.asl.json` file. */
  readonly file: string;
}

/** The machine that builds a dataset, with the function of its steps. A build that is stopped from outside is gone on with. */
export class DatasetCuration extends Construct {
  readonly machine: AslStateMachine;
  /** Does every step, and hears of executions that ended red. */
  readonly step: NodeFunction;

  constructor(scope: Construct, id: string, { table, artifacts, file, settings, code }: DatasetCurationProps) {
    super(scope, id);
    const step = new NodeFunction(this, 'curation-step', {
      settings,
      code,
      timeout: TIMEOUT,
      memorySize: MEMORY_MB,
      environment: { TABLE_NAME: table.tableName, ...artifacts.environment },
    });
    this.step = step;
    table.grantRead(step, 'gsi1');
    table.grantWrite(step);
    // datasets, and the transcripts among the files of sessions
    artifacts.grantTenantRead(step);
    artifacts.grantTenantDatasetWrite(step);
    artifacts.grantTenantDatasetDelete(step);
    // a build removes all that its lost steps may have left, and tells a transcript that is gone from one that it may not read
    artifacts.grantTenantList(step);
    this.machine = new AslStateMachine(this, 'StateMachine', { file, functions: { CurationStepFunction: step } });

    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    step.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: PATIENCE,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    const event = RuleTargetInput.fromObject({ step: 'end-curation', detail: EventField.fromPath('$.detail') });
    new Rule(this, 'Ended', {
      description: 'Builds of datasets that ended without success',
      eventPattern: this.machine.endedWithoutSuccess(),
      targets: [
        new LambdaFunction(step, { event, deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) }),
      ],
    });
  }
}
