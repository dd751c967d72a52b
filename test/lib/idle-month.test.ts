import { describe, expect, it } from 'vitest';
import { idleMonth, type PricedTemplate } from '#lib/idle-month';

const dollarsOf = (Resources: PricedTemplate['Resources']) => idleMonth([{ Resources }]).dollars;
const fn = (mode: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { MemorySize: 512, TracingConfig: { Mode: mode } },
});
const rule = (ScheduleExpression: string, id = 'Fn') => ({
  Type: 'AWS::Events::Rule',
  Properties: { ScheduleExpression, Targets: [{ Arn: { 'Fn::GetAtt': [id, 'Arn'] } }] },
});

describe('the price of an idle month', () => {
  it('is nothing for what costs by use only', () => {
    expect(idleMonth([{ Resources: { Fn: fn('Active'), Table: { Type: 'AWS::DynamoDB::Table' } } }])).toEqual({
      items: [],
      dollars: 0,
    });
  });

  it('has secrets, and keys with the requests of their table', () => {
    expect(dollarsOf({ Secret: { Type: 'AWS::SecretsManager::Secret' } })).toBeCloseTo(0.4);
    // 8,760 requests
    expect(dollarsOf({ Key: { Type: 'AWS::KMS::Key' } })).toBeCloseTo(1.0263, 4);
  });

  it('counts each metric of an alarm, and no expression', () => {
    const plain = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } };
    const metrics = [{ Expression: 'a / b' }, { MetricStat: { Stat: 'Sum' } }, { MetricStat: { Stat: 'Sum' } }];
    const math = { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: metrics } };
    const { items, dollars } = idleMonth([{ Resources: { plain } }, { Resources: { math } }]);
    expect(items).toEqual([{ what: 'metrics with an alarm', count: 3, dollars: expect.closeTo(0.3) }]);
    expect(dollars).toBeCloseTo(0.3);
  });

  it('has the polls of a queue, but not those of a stream', () => {
    const mapping = (Properties: object) => ({ Type: 'AWS::Lambda::EventSourceMapping', Properties });
    // 5 pollers × 131,400 polls of 20 s
    expect(dollarsOf({ Queue: mapping({}) })).toBeCloseTo(0.2628, 4);
    expect(dollarsOf({ Stream: mapping({ StartingPosition: 'LATEST' }) })).toBe(0);
  });

  it('has what the clock calls: executions, memory, reads, logs, and traces if each execution begins one', () => {
    // 43,800 runs of 0.05 GB-s
    const untraced = dollarsOf({ Fn: fn('PassThrough'), Rule: rule('rate(1 minute)') });
    expect(untraced).toBeCloseTo(43_800 * (0.2e-6 + 0.05 * 0.0000133334 + 1.25e-6 + 0.5e-6), 6);
    expect(dollarsOf({ Fn: fn('Active'), Rule: rule('rate(1 minute)') }) - untraced).toBeCloseTo(0.219);
    expect(dollarsOf({ Fn: fn('PassThrough'), Rule: rule('rate(1 hour)') })).toBeCloseTo(untraced / 60, 6);
  });

  it('has schedules, which have a price of their own', () => {
    const { ScheduleExpression, Targets } = rule('rate(1 minute)').Properties;
    const schedule = { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression, Target: Targets[0] } };
    const called = dollarsOf({ Fn: fn('PassThrough'), Rule: rule('rate(1 minute)') });
    expect(dollarsOf({ Fn: fn('PassThrough'), Schedule: schedule }) - called).toBeCloseTo(0.0438);
  });

  it('has no rule that waits for events', () => {
    const waiting = { Type: 'AWS::Events::Rule', Properties: { EventPattern: {}, Targets: [] } };
    expect(dollarsOf({ Rule: waiting })).toBe(0);
  });

  it('lists the dearest first', () => {
    const { items } = idleMonth([
      { Resources: { Secret: { Type: 'AWS::SecretsManager::Secret' }, Key: { Type: 'AWS::KMS::Key' } } },
    ]);
    expect(items.map(({ what }) => what)).toEqual(['keys', 'secrets']);
  });

  it('is refused where it would be a guess', () => {
    expect(() => dollarsOf({ Vpc: { Type: 'AWS::EC2::VPC' } })).toThrow(
      'what does Vpc cost, which is a AWS::EC2::VPC?',
    );
    expect(() => dollarsOf({ Fn: fn('Active'), Rule: rule('cron(0 12 * * ? *)') })).toThrow('how often is cron');
    expect(() => dollarsOf({ Rule: rule('rate(1 minute)', 'Elsewhere') })).toThrow('called by the clock');
  });
});
