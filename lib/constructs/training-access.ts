import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import type { NodeFunction } from '#lib/constructs/node-function';
import type { TrainingSettings } from '#lib/training-settings';

const LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** Trainings of a stage. */
export const trainingJobs = (scope: Construct, stage: string): string =>
  Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: `iorch-${stage}-*` });

/** Logs of all trainings of the account: SageMaker has one group for them. */
export const trainingLogs = (scope: Construct): string =>
  Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${LOG_GROUP}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Tells a function with what the stage trains. */
export const tellTraining = (fn: NodeFunction, training: TrainingSettings, artifacts: ArtifactBucket): void => {
  const environment = {
    ...artifacts.environment,
    TRAINING_PROVIDER: 'sagemaker',
    TRAINING_IMAGE: training.image,
    TRAINING_MODELS: JSON.stringify(training.baseModels),
    TRAINING_VOLUME_GB: String(training.volumeGb),
  };
  for (const [name, value] of Object.entries(environment)) fn.addEnvironment(name, value);
};

/** Lets a function look at trainings of the stage, read their logs, and stop them. */
export const allowTrainingPolling = (fn: NodeFunction, stage: string): void => {
  const jobs = ['sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'];
  fn.addToRolePolicy(new PolicyStatement({ actions: jobs, resources: [trainingJobs(fn, stage)] }));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [trainingLogs(fn)] }));
};
