import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';
import { StrayHunt } from '#contracts/training-workflow';
import { readSettings } from '#lib/config';
import { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { NodeFunction } from '#lib/constructs/node-function';
import { SageMakerTraining } from '#lib/constructs/sagemaker-training';
import { TRAINING_CONTEXT } from '#test/lib/training-context';

const settings = readSettings((key) => (TRAINING_CONTEXT as Readonly<Record<string, string>>)[key]);
const app = new App({
  context: { '@aws-cdk/core:enablePartitionLiterals': true, '@aws-cdk/aws-iam:minimizePolicies': true },
});
const stack = new Stack(app, 'stack', { env: { account: '111111111111', region: 'eu-west-1' } });
const fn = (name: 'claim-slot' | 'sweeper' | 'judge-outcome') =>
  new NodeFunction(stack, name, {
    settings,
    code: () => Code.fromInline('export const handler = 0'),
    timeout: Duration.seconds(30),
  });
const artifacts = new ArtifactBucket(stack, 'Artifacts', { keepsData: true });
const { training } = settings;
if (training === undefined) throw new Error('the settings have no training');
new SageMakerTraining(stack, 'SageMaker', {
  stage: settings.stage,
  training,
  artifacts,
  starter: fn('claim-slot'),
  poller: fn('sweeper'),
  evaluator: fn('judge-outcome'),
  deadLetterQueue: new Queue(stack, 'Dead'),
});
const template = Template.fromStack(stack);

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);
/** Bucket names are references: what stands around them is what counts. */
const flat = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(value).replaceAll(/\{"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}","Arn"\]\}/g, '<$1>');

/** Statements of a role, traces and own logs left out: `action on resource if condition`. */
const allowed = (role: RegExp): string[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => list(Properties.Roles).some((each) => role.test(flat(each))))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      list(Action).flatMap((action) =>
        list(Resource).map((resource) => [Effect, action, flat(resource), ...(Condition ? [Condition] : [])]),
      ),
    )
    .filter(([, action]) => !/^(xray|sqs):/.test(String(action)) && !JSON.stringify(action).includes('logs:Put'))
    .map((statement) => JSON.stringify(statement))
    .sort();

const JOBS = 'arn:aws:sagemaker:eu-west-1:111111111111:training-job/iorch-dev-*';
const LOGS = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/sagemaker/TrainingJobs:*';
const actionsOf = (role: RegExp) => allowed(role).map((statement) => JSON.parse(statement)[1]);

describe('the role that SageMaker takes', () => {
  it('is taken for trainings of this stage in this account only', () => {
    const [role] = Object.values(template.findResources('AWS::IAM::Role')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('sagemaker.amazonaws.com'),
    );
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111' },
          ArnLike: { 'aws:SourceArn': JOBS },
        },
      },
    ]);
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
  });

  it('reads datasets, trainings and weights, writes trainings, and nothing else', () => {
    const s3 = allowed(/SageMakerRole/).filter((statement) => statement.includes('"s3:'));
    expect(s3.map((statement) => JSON.parse(statement))).toEqual([
      ['Allow', 's3:GetObject', 'arn:aws:s3:::weights/models/base-7b/*'],
      ['Allow', 's3:GetObject', '{"Fn::Join":["",[<ArtifactsBucket>,"/*/datasets/*"]]}'],
      ['Allow', 's3:GetObject', '{"Fn::Join":["",[<ArtifactsBucket>,"/*/training/*"]]}'],
      [
        'Allow',
        's3:ListBucket',
        '<ArtifactsBucket>',
        { StringLike: { 's3:prefix': ['*/datasets/*', '*/training/*'] } },
      ],
      ['Allow', 's3:ListBucket', 'arn:aws:s3:::weights', { StringLike: { 's3:prefix': 'models/base-7b/*' } }],
      ['Allow', 's3:PutObject', '{"Fn::Join":["",[<ArtifactsBucket>,"/*/training/*"]]}'],
    ]);
  });

  it('fetches the image and writes the log; only the sign-in to ECR has no resource to name', () => {
    const others = allowed(/SageMakerRole/).filter((statement) => !statement.includes('"s3:'));
    const image = 'arn:aws:ecr:eu-west-1:123456789012:repository/iorch-training';
    expect(others.map((statement) => JSON.parse(statement))).toEqual([
      ['Allow', 'ecr:BatchCheckLayerAvailability', image],
      ['Allow', 'ecr:BatchGetImage', image],
      ['Allow', 'ecr:GetAuthorizationToken', '*'],
      ['Allow', 'ecr:GetDownloadUrlForLayer', image],
      ['Allow', 'logs:CreateLogGroup', LOGS],
      ['Allow', 'logs:CreateLogStream', LOGS],
      ['Allow', 'logs:DescribeLogStreams', LOGS],
    ]);
  });
});

describe('a function of ours', () => {
  it('begins trainings of this stage, always without a network, in that role and for SageMaker only', () => {
    const starter = allowed(/claimslotrole/).map((statement) => JSON.parse(statement));
    expect(starter).toContainEqual([
      'Allow',
      'sagemaker:CreateTrainingJob',
      JOBS,
      { Bool: { 'sagemaker:NetworkIsolation': 'true' } },
    ]);
    expect(starter).toContainEqual([
      'Allow',
      'iam:PassRole',
      '<SageMakerRole>',
      { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    ]);
    expect(actionsOf(/claimslotrole/).filter((action) => !/^logs:Create/.test(action))).toEqual([
      'iam:PassRole',
      'sagemaker:AddTags',
      'sagemaker:AddTags',
      'sagemaker:CreateModelPackage',
      'sagemaker:CreateModelPackage',
      'sagemaker:CreateModelPackageGroup',
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
    ]);
  });

  it('that looks may neither begin trainings nor hand on the role', () => {
    expect(actionsOf(/sweeperrole/).filter((action) => !/^(logs:Create|sts:)/.test(action))).toEqual([
      'logs:FilterLogEvents',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:ListTrainingJobs',
      'sagemaker:StopTrainingJob',
    ]);
    const open = allowed(/sweeperrole/).map((each) => JSON.parse(each));
    for (const [, action, resource] of open.filter(([, name]) => name.startsWith('sagemaker:')))
      expect(resource).toBe(action === 'sagemaker:ListTrainingJobs' ? '*' : JOBS);
  });

  it.each(['judgeoutcome', 'sweeper'])('%s may read what trainings left in the role for one tenant only', (name) => {
    const tenants = allowed(new RegExp(`${name}tenantrole`)).map((statement) => JSON.parse(statement));
    const place = `/\${aws:PrincipalTag/${TENANT_TAG}}/training/*`;
    const conditions = { StringLike: { 's3:prefix': place.slice(1) } };
    expect(tenants).toEqual([
      ['Allow', 's3:GetObject', `{"Fn::Join":["",[<ArtifactsBucket>,"${place}"]]}`],
      ['Allow', 's3:ListBucket', '<ArtifactsBucket>', conditions],
    ]);
    expect(actionsOf(new RegExp(`${name}role`)).filter((action) => action.startsWith('s3:'))).toEqual([]);
  });

  it('is told what to train with', () => {
    const told = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(told).toHaveLength(3);
    for (const { Properties } of told)
      expect(Properties.Environment.Variables).toMatchObject({
        TRAINING_PROVIDER: 'sagemaker',
        TRAINING_IMAGE: TRAINING_CONTEXT.training_image,
        TRAINING_MODELS: TRAINING_CONTEXT.training_models,
        TRAINING_VOLUME_GB: '100',
        ARTIFACTS_BUCKET: { Ref: expect.stringMatching(/^ArtifactsBucket/) },
      });
    const roles = told.flatMap(({ Properties }) => Properties.Environment.Variables.TRAINING_ROLE_ARN ?? []);
    expect(roles).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^SageMakerRole/), 'Arn'] }]);
  });
});

describe("SageMaker's news", () => {
  it('of trainings of this stage come to the poller', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Training Job State Change'],
        detail: { TrainingJobName: [{ prefix: 'iorch-dev-' }] },
      },
      State: 'ENABLED',
    });
  });
});

describe('trainings that no job knows of', () => {
  it('are looked for once an hour, in a call that says so', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Input: JSON.stringify(StrayHunt.parse({ task: 'stop-strays' })) })],
    });
  });
});

describe('the bucket', () => {
  it("still refuses every connection without TLS, SageMaker's too", () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });
});
