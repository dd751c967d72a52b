import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { inject, onTestFinished } from 'vitest';
import { makePresign } from '#adapters/s3/presign';
import { account, localAws, region } from '#scripts/local/local-aws';
import { aSageMaker } from '#test/support/sagemaker/stand-in';
import type { StateChange } from '#test/support/sagemaker/training-jobs';

/** Under which name the stand-in's events go: nobody but AWS may send those of its services. */
const SENT_AS = 'stand-in.sagemaker';
const RELAY = 'stand-in-of-sagemaker';

type Place = { readonly bucket: string; readonly key: string };

const placeOf = (uri: string): Place => {
  const { hostname: bucket, pathname } = new URL(uri);
  return { bucket, key: pathname.slice(1) };
};

/** Reads or writes an object in the emulator. */
const fetchObject = async (method: 'GET' | 'PUT', uri: string, body?: string): Promise<string> => {
  const { bucket, key } = placeOf(uri);
  const { endpoint, credentials } = localAws(inject('cloud').stack.aws_endpoint_url);
  const presign = makePresign({ bucketUrl: `${endpoint}/${bucket}`, region, credentials: async () => credentials });
  const answer = await fetch(await presign(method, key, { seconds: 60 }), { method, ...(body && { body }) });
  if (!answer.ok) throw new Error(`${method} ${uri} was answered with ${answer.status}`);
  return answer.text();
};

const emulator = () => localAws(inject('cloud').stack.aws_endpoint_url);

const pollerArn = async (): Promise<string> => {
  const { TrainingPollerFunctionName: FunctionName } = inject('cloud').outputs;
  const lambda = new LambdaClient(emulator());
  const { FunctionArn = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: String(FunctionName) }),
  );
  return FunctionArn;
};

/**
 * Brings events to whom the rule of the deployed stack names, if they fit it. The clock's rule rests meanwhile: what the control
 * plane learns of a training, it learns from an event.
 */
const startBus = async () => {
  const events = new EventBridgeClient(emulator());
  const TargetArn = await pollerArn();
  const { RuleNames: names = [] } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn }));
  const { Rules: onDefaultBus = [] } = await events.send(new ListRulesCommand({}));
  const rules = onDefaultBus.filter(({ Name = '' }) => names.includes(Name));
  const clock = rules.find(({ ScheduleExpression }) => ScheduleExpression)?.Name ?? '';
  const EventPattern = rules.find((rule) => rule.EventPattern?.includes('aws.sagemaker'))?.EventPattern ?? '';
  await events.send(new DisableRuleCommand({ Name: clock }));
  await events.send(new PutRuleCommand({ Name: RELAY, EventPattern: JSON.stringify({ source: [SENT_AS] }) }));
  const InputTransformer = {
    InputPathsMap: { type: '$.detail-type', detail: '$.detail' },
    InputTemplate: '{"source":"aws.sagemaker","detail-type":<type>,"detail":<detail>}',
  };
  await events.send(
    new PutTargetsCommand({ Rule: RELAY, Targets: [{ Id: 'poller', Arn: TargetArn, InputTransformer }] }),
  );

  const send = async (change: StateChange): Promise<void> => {
    const Event = JSON.stringify({ ...change, id: '1', account, region, resources: [] });
    const { Result: fits } = await events.send(new TestEventPatternCommand({ EventPattern, Event }));
    if (!fits) throw new Error(`the rule of the stack does not want ${Event}`);
    const Entries = [{ Source: SENT_AS, DetailType: change['detail-type'], Detail: JSON.stringify(change.detail) }];
    await events.send(new PutEventsCommand({ Entries }));
  };

  const stop = async (): Promise<void> => {
    await events.send(new RemoveTargetsCommand({ Rule: RELAY, Ids: ['poller'] }));
    await events.send(new DeleteRuleCommand({ Name: RELAY }));
    await events.send(new EnableRuleCommand({ Name: clock }));
  };
  return { send, stop };
};

interface Request {
  readonly TrainingJobName: string;
  readonly InputDataConfig: readonly {
    readonly ChannelName: string;
    readonly DataSource: { readonly S3DataSource: { readonly S3Uri: string } };
  }[];
  readonly CheckpointConfig: { readonly S3Uri: string };
}

/** SageMaker's stand-in beside the local cloud, until the test has ended. Its clock begins now and is moved by the test only. */
export const startSageMaker = async () => {
  const { port } = new URL(inject('training').endpoints['AWS_ENDPOINT_URL_SAGEMAKER'] ?? '');
  const service = await aSageMaker(Number(port));
  onTestFinished(service.close);
  const bus = await startBus();
  onTestFinished(bus.stop);
  const { jobs, requests } = service;
  jobs.now = Math.floor(Date.now() / 1000);
  let sent = 0;

  /** What it was asked for about a training, in order. */
  const asked = (name: string) =>
    requests.filter(({ body }) => body['TrainingJobName'] === name).map(({ target, body }) => ({ target, body }));

  return {
    ...service,
    asked,
    /** Time passes there, and what comes to pass is told on the bus. */
    pass: async (seconds: number): Promise<void> => {
      jobs.advance(seconds);
      const news = jobs.changes.slice(sent);
      sent = jobs.changes.length;
      for (const change of news) await bus.send(change);
    },
    /** Leaves what the training program would, over the eval part that it was given. It says that nothing was trained. */
    leaveEvaluation: async (name: string, losses: { candidate: number; baseline: number }): Promise<void> => {
      const request = asked(name)[0]?.body as unknown as Request;
      const channel = request.InputDataConfig.find(({ ChannelName }) => ChannelName === 'eval');
      const lines = (await fetchObject('GET', channel?.DataSource.S3DataSource.S3Uri ?? '')).trim().split('\n');
      const items = lines.map((line) => {
        const { session_id, content_hash } = JSON.parse(line).metadata;
        return { session_id, content_hash, candidate: 0.75, baseline: 0.5 };
      });
      const evaluation = {
        version: 1,
        program: "the tests' stand-in for SageMaker: nothing was trained, every figure is made up",
        eval_loss: losses,
        accuracy: { candidate: 0.8, baseline: 0.6 },
        items,
      };
      await fetchObject('PUT', `${request.CheckpointConfig.S3Uri}/evaluation.json`, JSON.stringify(evaluation));
    },
  };
};
