import { describe, expect, it } from 'vitest';
import type { Found } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const dev = await synthesized();
const prod = await synthesized({ stage: 'prod' });
const local = await synthesized({ stage: 'local' });

const STATEFUL = /^AWS::(DynamoDB::(Table|GlobalTable)|S3::Bucket|KMS::Key|SecretsManager::Secret|Cognito::UserPool)$/;
/** What costs by the hour whether it is used or not, or needs it. */
const PROVISIONED = /^AWS::(EC2|ECS|EKS|RDS|ElastiCache|ElasticLoadBalancing|OpenSearchService|MSK|Kinesis::Stream$)/;
/** Types that carry tags in these stacks. */
const TAGGED =
  /^AWS::(DynamoDB::Table|KMS::Key|SecretsManager::Secret|S3::Bucket|Lambda::Function|SQS::Queue|SNS::Topic|IAM::Role|Logs::LogGroup|StepFunctions::StateMachine|CloudWatch::Alarm)$/;

const typesIn = ({ template }: (typeof prod.stacks)[string]) =>
  Object.values(template.Resources).map(({ Type }) => Type);

describe('the stacks', () => {
  it('are named after their stage and know neither account nor region', () => {
    const all = Object.values(dev.stacks);
    expect(all.map(({ stackName }) => stackName).sort()).toEqual([
      'iorch-dev-api',
      'iorch-dev-data',
      'iorch-dev-observability',
      'iorch-dev-workflow',
    ]);
    expect(all.map(({ environment }) => environment)).toEqual(all.map(() => 'aws://unknown-account/unknown-region'));
  });

  it('that hold what must not be lost are protected from termination, but on the local stage', () => {
    const isStateful = (stack: (typeof prod.stacks)[string]) => typesIn(stack).some((type) => STATEFUL.test(type));
    const stateful = Object.values(prod.stacks).filter(isStateful);
    expect(stateful.length).toBeGreaterThan(0);
    for (const { stackName, terminationProtection } of stateful) expect(terminationProtection, stackName).toBe(true);
    for (const { terminationProtection } of Object.values(local.stacks)) expect(terminationProtection).toBe(false);
  });

  it('have no network, no server and nothing else that is paid by the hour', () => {
    expect(
      Object.values(prod.stacks)
        .flatMap(typesIn)
        .filter((type) => PROVISIONED.test(type)),
    ).toEqual([]);
  });

  it('tag everything with application and stage', () => {
    const resources = Object.values(prod.stacks).flatMap(({ template }) => Object.entries(template.Resources));
    const isTagged = (tags: Found[] = []) =>
      ['application=industrial-orchestrator', 'stage=prod'].every((tag) =>
        tags.some(({ Key, Value }) => `${Key}=${Value}` === tag),
      );
    const untagged = resources.filter(([, { Type, Properties }]) => TAGGED.test(Type) && !isTagged(Properties.Tags));
    expect(untagged.map(([id]) => id)).toEqual([]);
  });

  it('stay far below the 500 resources that CloudFormation takes', () => {
    for (const { stackName, template } of Object.values(prod.stacks)) {
      expect(Object.keys(template.Resources).length, stackName).toBeLessThan(400);
    }
  });
});
