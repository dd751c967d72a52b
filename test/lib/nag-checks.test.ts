import { describe, expect, it } from 'vitest';
import { acknowledgements } from '#lib/nag-acknowledgements';
import type { CheckReport } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';
import { TRAINING_CONTEXT } from '#test/lib/training-context';

const prod = await synthesized({ stage: 'prod', alarm_email: 'ops@example.com', ...TRAINING_CONTEXT });
const stages = [prod, await synthesized(), await synthesized({ stage: 'local' })];

const suppressed = prod.checks.flatMap(({ suppressedViolations = [] }) =>
  suppressedViolations.flatMap(({ ruleName, reason, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => ({
      rule: ruleName.replace(/\[.*\]$/, ''),
      path: constructPath.replace('iorch-prod-', ''),
      reason,
    })),
  ),
);

const countBy = (key: (one: (typeof suppressed)[number]) => string) =>
  Object.fromEntries([...Map.groupBy(suppressed, key)].map(([name, group]) => [name, group.length]));

describe('cdk-nag', () => {
  it('looks at every stage with the packs for solutions and for serverless', () => {
    const packs = stages.map(({ checks }) => checks.map(({ pluginName }) => pluginName));
    expect(packs).toEqual(stages.map(() => ['AwsSolutions', 'Serverless']));
  });

  it('finds nothing that is not explained', () => {
    const unexplained = ({ violations }: CheckReport) =>
      violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs[0]?.constructPath]);
    expect(stages.flatMap(({ checks }) => checks.flatMap(unexplained))).toEqual([]);
  });

  it('is contradicted this often', () => {
    const functions = prod.all('AWS::Lambda::Function').length;
    const untraced = prod.all('AWS::Lambda::Function').filter((each) => each.TracingConfig.Mode !== 'Active').length;
    const machines = prod.all('AWS::StepFunctions::StateMachine').length;
    const queueMappings = prod.all('AWS::Lambda::EventSourceMapping').filter((each) => !each.StartingPosition).length;
    const deadLetterQueues = prod.all('AWS::SQS::Queue').filter(({ RedrivePolicy }) => !RedrivePolicy).length;
    expect(countBy(({ rule }) => rule)).toEqual({
      'AwsSolutions-APIG4': 7,
      // traces of each, and nine patterns of names; of trainings on SageMaker fourteen more, of datasets four
      'AwsSolutions-IAM5': functions + machines + 9 + 14 + 4,
      'AwsSolutions-S1': 1,
      'AwsSolutions-SMG4': 2,
      'AwsSolutions-SQS3': deadLetterQueues - queueMappings,
      'Serverless-LambdaDLQ': functions,
      'Serverless-LambdaEventSourceMappingDestination': queueMappings,
      'Serverless-LambdaTracing': untraced,
      'Serverless-SNSRedrivePolicy': 1,
      'Serverless-SQSRedrivePolicy': deadLetterQueues,
    });
  });
});

describe('an acknowledgement', () => {
  it('is still needed', () => {
    const used = countBy(({ reason }) => reason);
    expect(acknowledgements.filter(({ reason }) => !used[reason])).toEqual([]);
  });

  it('gives a reason of its own, in a sentence', () => {
    const reasons = acknowledgements.map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(reasons.filter((reason) => !/^[A-Z].{30,}\.$/.test(reason))).toEqual([]);
  });
});
