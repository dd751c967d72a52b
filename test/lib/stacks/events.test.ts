import { describe, expect, it } from 'vitest';
import type { Found } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const { all } = await synthesized({ stage: 'prod' });

const mappings = all('AWS::Lambda::EventSourceMapping');
const streams = mappings.filter(({ StartingPosition }) => StartingPosition !== undefined);
const queued = mappings.filter(({ StartingPosition }) => StartingPosition === undefined);
const targets = all('AWS::Events::Rule').flatMap(({ id, Targets }) =>
  Targets.map((target: Found) => ({ rule: id, ...target })),
);
const schedules = all('AWS::Scheduler::Schedule').map(({ id, Target }) => ({ rule: id, ...Target }));
const queueIds = all('AWS::SQS::Queue').map(({ id }) => id);

describe('every stream mapping', () => {
  it('gives up in the end, halves a failing batch, reports single failures, and keeps what failed', () => {
    expect(streams.length).toBeGreaterThan(0);
    for (const mapping of streams) {
      expect(mapping).toMatchObject({
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
      expect(mapping.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(mapping.MaximumRecordAgeInSeconds).toBeGreaterThan(0);
      expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(86_400);
      expect(queueIds).toContain(mapping.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0]);
    }
  });

  it('has concurrency of its own, but for stages that cannot spare it', async () => {
    const reserved = ({ all: found }: Pick<Awaited<ReturnType<typeof synthesized>>, 'all'>) =>
      streams.map(({ FunctionName }) => {
        const reader = found('AWS::Lambda::Function').find(({ id }) => id === FunctionName.Ref);
        return reader.ReservedConcurrentExecutions;
      });
    expect(reserved({ all })).toEqual(streams.map(() => expect.any(Number)));
    expect(reserved(await synthesized({ stage: 'local' }))).toEqual(streams.map(() => undefined));
  });
});

describe('every queue mapping', () => {
  it('reports single failures, is limited, and its queue keeps what failed', () => {
    expect(queued.length).toBeGreaterThan(0);
    for (const { FunctionResponseTypes, ScalingConfig, EventSourceArn } of queued) {
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(ScalingConfig.MaximumConcurrency).toBeGreaterThan(1);
      const queue = all('AWS::SQS::Queue').find(({ id }) => id === EventSourceArn['Fn::GetAtt'][0]);
      expect(queue.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
      expect(queueIds).toContain(queue.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]);
    }
  });
});

describe('every target of a rule or schedule', () => {
  it('is tried again for a limited time, and what was not delivered is kept', () => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { RetryPolicy, DeadLetterConfig } of [...targets, ...schedules]) {
      expect(RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(RetryPolicy.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(60);
      expect(queueIds).toContain(DeadLetterConfig.Arn['Fn::GetAtt'][0]);
    }
  });

  it('that is a function says where executions go that failed', () => {
    const configured = new Map(
      all('AWS::Lambda::EventInvokeConfig').map(({ FunctionName, ...config }) => [FunctionName.Ref, config]),
    );
    const functionIds = all('AWS::Lambda::Function').map(({ id }) => id);
    const invoked = [...targets, ...schedules].map(({ Arn }) => Arn['Fn::GetAtt']?.[0]);
    const asynchronous = invoked.filter((id) => functionIds.includes(id));
    expect(asynchronous.length).toBeGreaterThan(0);
    for (const id of asynchronous) {
      const config = configured.get(id);
      expect(config?.MaximumRetryAttempts).toEqual(expect.any(Number));
      expect(config?.MaximumEventAgeInSeconds).toEqual(expect.any(Number));
      expect(queueIds).toContain(config?.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0]);
    }
  });
});
