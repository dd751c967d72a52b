import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import type { NodeFunction } from '#lib/constructs/node-function';
import { allowTrainingPolling, tellTraining, trainingJobs, trainingLogs } from '#lib/constructs/training-access';
import { folderOf, type TrainingSettings } from '#lib/training-settings';

export interface SageMakerTrainingProps {
  readonly stage: string;
  readonly training: TrainingSettings;
  readonly artifacts: ArtifactBucket;
  /** Begins trainings. */
  readonly starter: NodeFunction;
  /** Looks at trainings, and stops them; hears from SageMaker at once when one changes. */
  readonly poller: NodeFunction;
  /** Reads what trainings measured of their models. */
  readonly evaluator: NodeFunction;
  /** Takes what the poller could not be told. */
  readonly deadLetterQueue: IQueue;
}

/**
 * What trainings on SageMaker need: the role that SageMaker copies files in, what our two functions may ask of SageMaker, and the
 * rules that bring its news and look for what nobody knows of. Nothing of it costs more than cents while nobody trains.
 */
export class SageMakerTraining extends Construct {
  readonly role: Role;
  readonly #jobs: string;

  constructor(scope: Construct, id: string, props: SageMakerTrainingProps) {
    super(scope, id);
    const { stage, training, artifacts, starter, poller, evaluator, deadLetterQueue } = props;
    this.#jobs = trainingJobs(this, stage);
    this.role = this.#makeRole(training, artifacts);
    this.#allowStarter(starter);
    this.#allowPackages(starter, stage);
    allowTrainingPolling(poller, stage);
    artifacts.grantTenantTrainingRead(evaluator);
    // it takes evaluations further that the evaluator has begun
    artifacts.grantTenantTrainingRead(poller);
    for (const fn of [starter, poller, evaluator]) tellTraining(fn, training, artifacts);
    new Rule(this, 'StateChanges', {
      description: 'Trainings of this stage that got on, ended, or were interrupted',
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Training Job State Change'],
        detail: { TrainingJobName: [{ prefix: `iorch-${stage}-` }] },
      },
      // the next look of the clock is as good as a late event
      targets: [new LambdaFunction(poller, { deadLetterQueue, retryAttempts: 2 })],
    });
    this.#huntStrays(poller, deadLetterQueue);
  }

  /** Has the poller look for trainings that no job knows of, in a call of its own: what it cannot find out disturbs no other look. */
  #huntStrays(poller: NodeFunction, deadLetterQueue: IQueue) {
    // the list has no resource to name
    poller.addToRolePolicy(new PolicyStatement({ actions: ['sagemaker:ListTrainingJobs'], resources: ['*'] }));
    const event = RuleTargetInput.fromObject({ task: 'stop-strays' });
    new Rule(this, 'Strays', {
      description: 'Looks every hour for trainings of this stage that no job knows of',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(poller, { deadLetterQueue, retryAttempts: 2, event })],
    });
  }

  /** SageMaker takes it to copy files; the container itself has no network and no credentials. */
  #makeRole(training: TrainingSettings, artifacts: ArtifactBucket): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'What SageMaker may read and write for a training of this stage',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': this.#jobs } },
      }),
    });
    artifacts.grantTraining(role);
    const { repository } = training;
    const statements = [
      ...Object.values(training.baseModels).flatMap((uri) => this.#weights(uri)),
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [trainingLogs(this)],
      }),
      new PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [
          Stack.of(this).formatArn({
            service: 'ecr',
            account: repository.account,
            region: repository.region,
            resource: 'repository',
            resourceName: repository.name,
          }),
        ],
      }),
      // it has no resource to name
      new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }

  #weights(uri: string): PolicyStatement[] {
    const { bucket, path } = folderOf(uri);
    const arn = Stack.of(this).formatArn({ service: 's3', account: '', region: '', resource: bucket });
    return [
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${arn}/${path}*`] }),
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [arn],
        conditions: { StringLike: { 's3:prefix': `${path}*` } },
      }),
    ];
  }

  #allowStarter(starter: NodeFunction) {
    starter.addToRolePolicy(
      new PolicyStatement({
        actions: ['sagemaker:CreateTrainingJob'],
        resources: [this.#jobs],
        // whatever the function may be made to ask for: no network
        conditions: { Bool: { 'sagemaker:NetworkIsolation': 'true' } },
      }),
    );
    // tags are given with the request
    starter.addToRolePolicy(new PolicyStatement({ actions: ['sagemaker:AddTags'], resources: [this.#jobs] }));
    // whose it is when the name is taken
    starter.addToRolePolicy(
      new PolicyStatement({ actions: ['sagemaker:DescribeTrainingJob'], resources: [this.#jobs] }),
    );
    starter.addEnvironment('TRAINING_ROLE_ARN', this.role.roleArn);
    starter.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    );
  }

  /** Shows what was trained in the model registry of SageMaker, too. */
  #allowPackages(starter: NodeFunction, stage: string) {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    const groups = arn('model-package-group', `iorch-${stage}-*`);
    const packages = arn('model-package', `iorch-${stage}-*`);
    starter.addToRolePolicy(
      new PolicyStatement({ actions: ['sagemaker:CreateModelPackageGroup', 'sagemaker:AddTags'], resources: [groups] }),
    );
    starter.addToRolePolicy(
      new PolicyStatement({ actions: ['sagemaker:CreateModelPackage'], resources: [groups, packages] }),
    );
  }
}
