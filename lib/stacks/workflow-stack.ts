import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { DatasetCuration } from '#lib/constructs/dataset-curation';
import { EventPublisher } from '#lib/constructs/event-publisher';
import { ExecutionRescue } from '#lib/constructs/execution-rescue';
import { FineTuning } from '#lib/constructs/fine-tuning';
import { LeaseSweeper } from '#lib/constructs/lease-sweeper';
import type { StageProps } from '#lib/constructs/node-function';
import { QueueConsumer } from '#lib/constructs/queue-consumer';
import { SageMakerTraining } from '#lib/constructs/sagemaker-training';
import { SessionLifecycle } from '#lib/constructs/session-lifecycle';
import type { TenantTable } from '#lib/constructs/tenant-table';
import { TrainingPoller } from '#lib/constructs/training-poller';
import { WorkPlacer } from '#lib/constructs/work-placer';

const definition = (name: string) => fileURLToPath(new URL(`../../state-machines/${name}.asl.json`, import.meta.url));
const SESSION_LIFECYCLE = definition('session-lifecycle');
const DATASET_CURATION = definition('dataset-curation');
const FINE_TUNING = definition('fine-tuning');

export interface WorkflowStackProps extends StackProps, StageProps {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
}

/** What happens between requests: events leave the table, executions start, stop and wake, leases end. */
export class WorkflowStack extends Stack {
  constructor(scope: Construct, id: string, { table, artifacts, settings, code, ...props }: WorkflowStackProps) {
    super(scope, id, props);
    const stage = { settings, code };
    const { machine } = new SessionLifecycle(this, 'SessionLifecycle', { ...stage, table, file: SESSION_LIFECYCLE });
    const bus = new EventBus(this, 'Bus', { eventBusName: `iorch-${settings.stage}` });
    new EventPublisher(this, 'Publisher', { ...stage, table, bus });
    const environment = { TABLE_NAME: table.tableName };
    const fineTuning = new FineTuning(this, 'FineTuning', { ...stage, table, artifacts, file: FINE_TUNING });
    const driver = { ...environment, SESSION_LIFECYCLE_ARN: machine.arn, FINE_TUNING_ARN: fineTuning.machine.arn };
    const curation = new DatasetCuration(this, 'DatasetCuration', {
      ...stage,
      table,
      artifacts,
      file: DATASET_CURATION,
    });

    const start = new QueueConsumer(this, 'Start', {
      ...stage,
      bus,
      consumer: 'start-execution',
      environment: { ...driver, DATASET_CURATION_ARN: curation.machine.arn },
    });
    machine.grantStart(start.function);
    fineTuning.machine.grantStart(start.function);
    curation.machine.grantStart(start.function);

    const stop = new QueueConsumer(this, 'Stop', { ...stage, bus, consumer: 'stop-execution', environment: driver });
    machine.grantStop(stop.function);
    fineTuning.machine.grantStop(stop.function);

    const wake = new QueueConsumer(this, 'Wake', { ...stage, bus, consumer: 'wake', environment });
    table.grantRead(wake.function);
    table.grantWrite(wake.function);
    machine.grantTaskSuccess(wake.function);
    fineTuning.machine.grantTaskSuccess(wake.function);

    new WorkPlacer(this, 'Placer', { ...stage, table, bus });

    const rescue = new ExecutionRescue(this, 'Rescue', { ...stage, table, machine });

    const sweeper = new LeaseSweeper(this, 'Sweeper', { ...stage, table, artifacts });

    const poller = new TrainingPoller(this, 'TrainingPoller', { ...stage, table, bus, machine: fineTuning.machine });

    if (settings.training)
      new SageMakerTraining(this, 'SageMaker', {
        stage: settings.stage,
        training: settings.training,
        artifacts,
        starter: fineTuning.providerStep,
        poller: poller.function,
        evaluator: fineTuning.trainingStep,
        deadLetterQueue: poller.deadLetterQueue,
      });

    new CfnOutput(this, 'FineTuningArn', { value: fineTuning.machine.arn });
    new CfnOutput(this, 'TrainingPollerFunctionName', { value: poller.function.functionName });
    new CfnOutput(this, 'SessionLifecycleArn', { value: machine.arn });
    new CfnOutput(this, 'DatasetCurationArn', { value: curation.machine.arn });
    new CfnOutput(this, 'CurationStepFunctionName', { value: curation.step.functionName });
    new CfnOutput(this, 'RescueFunctionName', { value: rescue.function.functionName });
    new CfnOutput(this, 'SweeperFunctionName', { value: sweeper.function.functionName });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
  }
}
