import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { functions } from '#lib/functions';
import { logCounterDrift } from '#runtime/log-counter-drift';
import { logRecoveries } from '#runtime/log-recoveries';
import { logTrainingTrouble } from '#runtime/log-training-trouble';
import { logger } from '#runtime/logger';
import type { Found } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const { all, stacks, stackNamed } = await synthesized({ stage: 'prod', alarm_email: 'ops@example.com' });
const alarms = all('AWS::CloudWatch::Alarm');
const nameOf = ({ AlarmName }: Found): string => AlarmName.replace('iorch-prod-observability-', '');

/** The resource that a reference to another stack's output means. */
const referred = (value: Found): string => {
  if (typeof value === 'string') return value;
  const { StackName, OutputName } = value['Fn::GetStackOutput'];
  const stack = Object.values(stacks).find(({ stackName }) => stackName === StackName);
  const output: Found = stack?.template.Outputs?.[OutputName];
  return output.Value.Ref ?? output.Value['Fn::GetAtt'][0];
};

/** Metrics that an alarm watches, with the resource it watches; the resource of account metrics is undefined. */
const watchedBy = ({ MetricName, Namespace, Dimensions, Metrics }: Found): Found[] => {
  const stats = Metrics?.flatMap(({ MetricStat }: Found) => MetricStat?.Metric ?? []);
  return (stats ?? [{ MetricName, Namespace, Dimensions }]).map((metric: Found) => ({
    name: `${metric.Namespace} ${metric.MetricName}`,
    resource: metric.Dimensions?.map(({ Value }: Found) => referred(Value))[0],
  }));
};

const alarmOn = (metric: string, resource: string) =>
  alarms.find((alarm) => watchedBy(alarm).some((each) => each.name === metric && each.resource === resource));

/** Queues that somebody gives up work to. */
const deadLetterQueues = new Set(
  [
    ...all('AWS::SQS::Queue').map(({ RedrivePolicy }) => RedrivePolicy?.deadLetterTargetArn),
    ...all('AWS::Events::Rule').flatMap(({ Targets }) => Targets.map((each: Found) => each.DeadLetterConfig?.Arn)),
    ...all('AWS::Scheduler::Schedule').map(({ Target }) => Target.DeadLetterConfig?.Arn),
    ...[...all('AWS::Lambda::EventSourceMapping'), ...all('AWS::Lambda::EventInvokeConfig')].map(
      ({ DestinationConfig }) => DestinationConfig?.OnFailure?.Destination,
    ),
  ].flatMap((arn) => (arn ? [arn['Fn::GetAtt'][0] as string] : [])),
);

const lambdas = all('AWS::Lambda::Function');
const inFrontOfApi = Object.keys(stackNamed('api').template.Resources);

/** By what users lose: a function whose work is done without it. */
const covered: readonly string[] = Object.values(functions).flatMap((each) =>
  'isCovered' in each ? [each.errorImpact] : [],
);

describe('a function whose work is done without it, a minute later', () => {
  it('is this one only, and has no alarm', () => {
    expect(covered).toEqual(['Nobody can have trainings looked at before their minute has come.']);
    expect(alarms.filter(({ AlarmDescription }) => covered.some((loss) => AlarmDescription.includes(loss)))).toEqual(
      [],
    );
  });
});

describe('every other function', () => {
  it.each(
    lambdas.filter(({ Description }) => !covered.includes(Description)).map((fn) => [fn.Description, fn] as const),
  )('of which users feel "%s" has its alarms', (loss, fn) => {
    const errors = alarmOn('AWS/Lambda Errors', fn.id);
    expect(errors).toMatchObject({ Statistic: 'Average', Threshold: 0.01, Period: 300 });
    expect(errors?.AlarmDescription).toContain(loss);
    if (inFrontOfApi.includes(fn.id)) return;
    const duration = alarmOn('AWS/Lambda Duration', fn.id);
    expect(duration).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 800 * fn.Timeout });
  });

  it('with concurrency of its own has an alarm for it', () => {
    const reserved = lambdas.filter(({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions !== undefined);
    expect(reserved.length).toBeGreaterThan(0);
    for (const { id } of reserved) {
      expect(alarmOn('AWS/Lambda Throttles', id)).toMatchObject({ Statistic: 'Sum', Threshold: 0 });
    }
  });

  it('that reads a stream has an alarm for its age', () => {
    const readers = all('AWS::Lambda::EventSourceMapping').filter(({ StartingPosition }) => StartingPosition);
    expect(readers.length).toBeGreaterThan(0);
    for (const { FunctionName } of readers) {
      expect(alarmOn('AWS/Lambda IteratorAge', FunctionName.Ref)).toMatchObject({
        Statistic: 'Maximum',
        Threshold: 60_000,
      });
    }
  });
});

describe('every dead-letter queue', () => {
  it('has an alarm that goes on with the first message and names the loss', () => {
    expect(deadLetterQueues.size).toBeGreaterThan(0);
    for (const id of deadLetterQueues) {
      const alarm = alarmOn('AWS/SQS ApproximateNumberOfMessagesVisible', id);
      expect(alarm, id).toMatchObject({ Threshold: 0, Statistic: 'Maximum' });
      const impacts = Object.values(functions).map(({ errorImpact }) => errorImpact as string);
      expect(impacts.some((impact) => alarm?.AlarmDescription.includes(impact))).toBe(true);
    }
  });
});

describe('every state machine', () => {
  const machines = all('AWS::StepFunctions::StateMachine');

  it('has an alarm on executions that fail', () => {
    expect(machines.length).toBeGreaterThan(2);
    for (const { id } of machines) expect(alarmOn('AWS/States ExecutionsFailed', id)).toBeDefined();
  });

  // the limit of transitions is the account's, and sessions make nearly all of them
  it.each(['ExecutionsTimedOut', 'ExecutionThrottled'])('that drives sessions has an alarm on %s', (metric) => {
    const [sessions] = machines.filter(({ id }) => id.startsWith('SessionLifecycle'));
    expect(alarmOn(`AWS/States ${metric}`, sessions?.id ?? '')).toBeDefined();
  });
});

describe('the API', () => {
  it('has an alarm on the share of answers that are our fault, and on requests that are nearly cut off', () => {
    const [{ id }] = all('AWS::ApiGatewayV2::Api') as [Found];
    expect(alarmOn('AWS/ApiGateway 5xx', id)).toMatchObject({ Threshold: 1 });
    expect(alarmOn('AWS/ApiGateway Latency', id)).toMatchObject({ Threshold: 22_000, ExtendedStatistic: 'p99' });
  });
});

describe('the account', () => {
  it('has alarms on throttled executions and on 80 % of its concurrency', async () => {
    const small = await synthesized({ concurrency_quota: '50' });
    const ofAccount = (found: Found[]) =>
      found
        .filter(({ AlarmName }) => AlarmName.includes('-account-'))
        .map(({ MetricName, Threshold, Dimensions }) => ({ MetricName, Threshold, Dimensions }));
    expect(ofAccount(alarms)).toEqual([
      { MetricName: 'Throttles', Threshold: 0 },
      { MetricName: 'ConcurrentExecutions', Threshold: 800 },
    ]);
    expect(ofAccount(small.all('AWS::CloudWatch::Alarm'))[1]).toMatchObject({ Threshold: 40 });
  });
});

describe('what the stage finds out', () => {
  const training = { tenantId: 'A', jobId: 'JOB' };

  it.each([
    ['a counter that had to be corrected', () => logCounterDrift({ tenantId: 'A', kind: 'agent', drift: 1 }, 'prod')],
    ['work that was given up', () => logRecoveries({ recovered: 0, orphaned: 1 }, 'prod')],
    ['an unknown word', () => logTrainingTrouble({ ...training, found: 'training_unknown_status' }, 'prod')],
    ['a silent provider', () => logTrainingTrouble({ ...training, found: 'training_unheard' }, 'prod')],
    ['a training that runs on', () => logTrainingTrouble({ ...training, found: 'training_not_stopped' }, 'prod')],
    ['a training of nobody', () => logTrainingTrouble({ ...training, found: 'training_stray' }, 'prod')],
  ])('%s has an alarm, on the very metric that reports it', (_what, log) => {
    const warn = vi.spyOn(logger, 'warn').mockReturnValue();
    log();
    const line = warn.mock.calls[0]?.[1] as Found;
    warn.mockRestore();
    const alarm = alarms.find(({ MetricName }) => MetricName === 'attention');
    const { Namespace, Dimensions } = line._aws.CloudWatchMetrics.find(({ Metrics }: Found) =>
      Metrics.some(({ Name }: Found) => Name === alarm?.MetricName),
    );
    expect(alarm).toMatchObject({ Namespace, Threshold: 0, Statistic: 'SampleCount' });
    expect(alarm?.Dimensions).toEqual([{ Name: 'stage', Value: line.stage }]);
    expect([line.attention, Dimensions]).toEqual([1, [['stage']]]);
  });
});

describe('an alarm', () => {
  it('says what users lose, tells people when it goes on and off, and is silent while nothing happens', () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmDescription).toMatch(/^[A-Za-z0-9].{20,}\.$/);
      expect(alarm.AlarmActions).toEqual([{ Ref: all('AWS::SNS::Topic')[0].id }]);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
      expect(alarm.TreatMissingData).toBe('notBreaching');
      expect(alarm.ComparisonOperator).toBe('GreaterThanThreshold');
    }
  });

  it('has a name of its own', () => {
    expect(new Set(alarms.map(nameOf)).size).toBe(alarms.length);
  });

  it('is explained to operators', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, suffix = '']) => suffix);
    const unknown = alarms.map(nameOf).filter((name) => !explained.some((suffix) => name.endsWith(suffix)));
    expect(unknown).toEqual([]);
  });

  it('watches only what AWS measures by itself, and what the stage finds out', () => {
    expect([...new Set(alarms.flatMap(watchedBy).map(({ name }) => name))].sort()).toEqual([
      'AWS/ApiGateway 5xx',
      'AWS/ApiGateway Count',
      'AWS/ApiGateway Latency',
      'AWS/Lambda ConcurrentExecutions',
      'AWS/Lambda Duration',
      'AWS/Lambda Errors',
      'AWS/Lambda IteratorAge',
      'AWS/Lambda Throttles',
      'AWS/SQS ApproximateNumberOfMessagesVisible',
      'AWS/States ExecutionThrottled',
      'AWS/States ExecutionsFailed',
      'AWS/States ExecutionsSucceeded',
      'AWS/States ExecutionsTimedOut',
      'IndustrialOrchestrator attention',
    ]);
  });

  it('does not tie its stack to others: what it watches can be taken away', () => {
    expect(JSON.stringify(stackNamed('observability'))).not.toContain('Fn::ImportValue');
  });
});

describe('the topic', () => {
  it('mails to whom the settings name, and to nobody by default', async () => {
    expect(all('AWS::SNS::Subscription')).toMatchObject([{ Protocol: 'email', Endpoint: 'ops@example.com' }]);
    expect((await synthesized()).all('AWS::SNS::Subscription')).toEqual([]);
  });

  it('lets alarms of this stack publish, over TLS, and nobody else', () => {
    const [{ PolicyDocument }] = all('AWS::SNS::TopicPolicy') as [Found];
    expect(PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { ArnLike: expect.anything(), StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(JSON.stringify(PolicyDocument)).toContain(':alarm:iorch-prod-observability-*');
  });
});

describe('the stack', () => {
  it('is left out where alarms are off, as on the local stage', async () => {
    expect(Object.keys((await synthesized({ stage: 'local' })).stacks)).not.toContain('observability');
    expect(Object.keys((await synthesized({ stage: 'local', alarms: 'on' })).stacks)).toContain('observability');
  });
});
