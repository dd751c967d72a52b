import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';
import type { FunctionName } from '#lib/functions';

export interface FineTuningProps extends StageProps {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
  /** The `.asl.json` file. */
  readonly file: string;
}

/** The machine that drives one attempt of a training job, with the functions of its steps. */
export class FineTuning extends Construct {
  readonly machine: AslStateMachine;
  /** Hands attempts to their provider, and ends them with their job. */
  readonly providerStep: NodeFunction;
  /** Does every other step. */
  readonly trainingStep: NodeFunction;

  constructor(scope: Construct, id: string, { table, artifacts, file, settings, code }: FineTuningProps) {
    super(scope, id);
    const step = (name: FunctionName, environment: Readonly<Record<string, string>> = {}) => {
      const fn = new NodeFunction(this, name, {
        settings,
        code,
        timeout: Duration.seconds(30),
        environment: { TABLE_NAME: table.tableName, ...environment },
      });
      table.grantRead(fn);
      table.grantWrite(fn);
      return fn;
    };
    this.trainingStep = step('training-step', artifacts.environment);
    artifacts.grantTenantDatasetRead(this.trainingStep);
    this.providerStep = step('training-provider-step');
    this.machine = new AslStateMachine(this, 'StateMachine', {
      file,
      functions: { TrainingStepFunction: this.trainingStep, TrainingProviderStepFunction: this.providerStep },
    });
    this.machine.grantTaskSuccess(this.trainingStep);
    this.machine.grantTaskSuccess(this.providerStep);
  }
}
