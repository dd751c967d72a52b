import { describe, expect, it } from 'vitest';
import { synthesized } from '#test/lib/synthesized';

const { stackNamed, all } = await synthesized();

const queued = ['start-execution', 'stop-execution', 'wake'];
const consumers = [...queued, 'place-work', 'poll-training'];

describe('the publisher', () => {
  const [stream, ...others] = all('AWS::Lambda::EventSourceMapping').filter(({ StartingPosition }) => StartingPosition);

  it('is fed by the stream with new events only, from the first one on', () => {
    expect(others).toEqual([]);
    expect(stream).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 100 });
    expect(stream?.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'E#' }] } } } },
    ]);
  });

  it('cannot be blocked for ever by one record: it gives up after an hour, halves the batch, and keeps what failed', () => {
    expect(stream).toMatchObject({
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(stream?.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0]).toMatch(/^PublisherDead/);
  });

  it('knows the bus, and how its stage wants failures reported', () => {
    const publisher = all('AWS::Lambda::Function').find(({ id }) => id.startsWith('Publisher'));
    expect(publisher?.Environment.Variables).toMatchObject({
      STREAM_FAILURES: 'partial',
      EVENT_BUS_NAME: expect.anything(),
    });
  });
});

describe('the consumers', () => {
  it('each get the events that name them', () => {
    const patterns = all('AWS::Events::Rule')
      .flatMap(({ EventPattern }) => EventPattern ?? [])
      .filter(({ source }) => source[0] === 'iorch');
    expect(patterns).toEqual(
      consumers.map((name) => ({ source: ['iorch'], detail: { internal: { consumers: [name] } } })),
    );
  });

  it('of freed units has no queue that is polled: what it cannot do is given up to the sweeper in time', () => {
    expect(all('AWS::Lambda::EventInvokeConfig').filter(({ id }) => id.startsWith('Placer'))).toMatchObject([
      { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300, DestinationConfig: { OnFailure: expect.anything() } },
    ]);
  });

  it.each(['SessionLifecycle', 'DatasetCuration', 'FineTuning'])(
    'of ended executions gets those of %s that ended red',
    (name) => {
      const [machine] = all('AWS::StepFunctions::StateMachine').filter(({ id }) => id.startsWith(name));
      const [rule] = all('AWS::Events::Rule').filter(
        ({ EventPattern }) => EventPattern?.detail?.stateMachineArn?.[0]?.Ref === machine?.id,
      );
      expect(rule?.EventBusName).toBeUndefined();
      expect(rule?.EventPattern.source).toEqual(['aws.states']);
      expect(rule?.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    },
  );

  it('of a build that ended red is told which step it is, and gets the event', () => {
    const [rule] = all('AWS::Events::Rule').filter(({ id }) => id.startsWith('DatasetCuration'));
    expect(rule?.Targets[0].InputTransformer).toEqual({
      InputPathsMap: { detail: '$.detail' },
      InputTemplate: '{"step":"end-curation","detail":<detail>}',
    });
  });

  it('report failed messages one by one, and keep a message after five attempts', () => {
    const queues = all('AWS::SQS::Queue').filter(({ RedrivePolicy }) => RedrivePolicy);
    expect(queues.map(({ RedrivePolicy }) => RedrivePolicy.maxReceiveCount)).toEqual([5, 5, 5]);
    const mappings = all('AWS::Lambda::EventSourceMapping').filter(({ StartingPosition }) => !StartingPosition);
    expect(mappings.map(({ FunctionResponseTypes }) => FunctionResponseTypes)).toEqual(
      queued.map(() => ['ReportBatchItemFailures']),
    );
  });

  it('have six times their timeout before a message is given out again', () => {
    const timeouts = new Map(all('AWS::Lambda::Function').map(({ id, Timeout }) => [id, Timeout]));
    for (const { FunctionName, EventSourceArn } of all('AWS::Lambda::EventSourceMapping').slice(1)) {
      const queue = all('AWS::SQS::Queue').find(({ id }) => id === EventSourceArn['Fn::GetAtt'][0]);
      expect(queue?.VisibilityTimeout).toBe(6 * timeouts.get(FunctionName.Ref));
    }
  });
});

describe('the sweeper', () => {
  it('runs every minute and leaves a failed sweep to the next one', () => {
    const [schedule] = all('AWS::Events::Rule').filter(({ ScheduleExpression }) => ScheduleExpression);
    expect(schedule).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
    expect(all('AWS::Lambda::EventInvokeConfig').filter(({ id }) => id.startsWith('Sweeper'))).toMatchObject([
      { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure: expect.anything() } },
    ]);
  });
});

describe('the poller of trainings', () => {
  it('runs every minute, and is told for hours that an execution has ended', () => {
    const schedules = all('AWS::Events::Rule').filter(({ ScheduleExpression }) => ScheduleExpression);
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(['rate(1 minute)', 'rate(1 minute)']);
    expect(all('AWS::Lambda::EventInvokeConfig').filter(({ id }) => id.startsWith('TrainingPoller'))).toMatchObject([
      {
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
        DestinationConfig: { OnFailure: expect.anything() },
      },
    ]);
    const ended = all('AWS::Events::Rule').find(({ id }) => id.startsWith('TrainingPollerEnded'));
    expect(ended?.['Targets']).toMatchObject([
      {
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: expect.anything(),
      },
    ]);
  });
});

describe('the fine-tuning machine', () => {
  it('calls its step functions', () => {
    const machine = all('AWS::StepFunctions::StateMachine').find(({ id }) => id.startsWith('FineTuning'));
    expect(Object.keys(machine?.DefinitionSubstitutions).sort()).toEqual([
      'TrainingProviderStepFunction',
      'TrainingStepFunction',
    ]);
  });
});

describe('the session lifecycle', () => {
  it('calls its step functions', () => {
    const [machine] = all('AWS::StepFunctions::StateMachine');
    expect(Object.keys(machine.DefinitionSubstitutions).sort()).toEqual([
      'BeginAttemptFunction',
      'ClaimSlotFunction',
      'JudgeOutcomeFunction',
      'RecordOutcomeFunction',
      'RunOnAgentFunction',
      'ScheduleRetryFunction',
    ]);
  });
});

describe('the outputs', () => {
  it('name what operators and scripts need', () => {
    expect(Object.keys(stackNamed('workflow').template.Outputs ?? {})).toEqual(
      expect.arrayContaining(['SessionLifecycleArn', 'SweeperFunctionName', 'RescueFunctionName', 'EventBusName']),
    );
  });

  it('include a bus named after the stage', () => {
    expect(all('AWS::Events::EventBus')).toMatchObject([{ Name: 'iorch-dev' }]);
  });
});
