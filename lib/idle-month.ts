import { IDLE, PRICES } from '#lib/prices';

export interface PricedTemplate {
  readonly Resources: Readonly<Record<string, PricedResource>>;
}

interface PricedResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
  readonly Properties?: any;
}

export interface IdleItem {
  readonly what: string;
  readonly count: number;
  /** US dollars, of all together. */
  readonly dollars: number;
}

export interface IdleMonth {
  readonly items: readonly IdleItem[];
  readonly dollars: number;
}

type Pricing = (resource: PricedResource, all: PricedTemplate['Resources']) => readonly IdleItem[];

const item = (what: string, dollars: number, count = 1): IdleItem => ({ what, count, dollars });

const minutesPerMonth = IDLE.hoursPerMonth * 60;
const MINUTES = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

const runsPerMonth = (expression: string): number => {
  const [, number, unit] = /^rate\((\d+) (\w+)\)$/.exec(expression) ?? [];
  const minutes = MINUTES[unit as keyof typeof MINUTES];
  if (number === undefined || minutes === undefined) throw new Error(`how often is ${expression}?`);
  return minutesPerMonth / (Number(number) * minutes);
};

/** A function that is called by the clock: executions, memory, reads, log and traces. */
const scheduledRuns = (runs: number, target: unknown, all: PricedTemplate['Resources']): IdleItem => {
  const id = (target as { 'Fn::GetAtt'?: [string, string] })?.['Fn::GetAtt']?.[0];
  const { MemorySize, TracingConfig } = (id && all[id]?.Properties) || {};
  if (MemorySize === undefined)
    throw new Error(`what does ${JSON.stringify(target)} cost when it is called by the clock?`);
  const perRun =
    PRICES.lambdaRequest +
    PRICES.lambdaGigabyteSecond * IDLE.secondsPerRun * (MemorySize / 1024) +
    PRICES.readUnit * IDLE.readUnitsPerRun +
    (PRICES.logGigabyte * IDLE.logKilobytesPerRun) / 1_000_000 +
    (TracingConfig?.Mode === 'Active' ? PRICES.trace : 0);
  return item('functions called by the clock', runs * perRun);
};

const pollsPerMonth = (IDLE.pollersPerQueue * IDLE.hoursPerMonth * 3600) / IDLE.secondsPerPoll;

const PRICED: Readonly<Record<string, Pricing>> = {
  'AWS::KMS::Key': () => [
    item('keys', PRICES.kmsKeyMonth + (PRICES.kmsRequest * minutesPerMonth) / IDLE.minutesPerKeyRequest),
  ],
  'AWS::SecretsManager::Secret': () => [item('secrets', PRICES.secretMonth)],
  'AWS::CloudWatch::Alarm': ({ Properties: { Metrics } }) => {
    // an expression is free, each metric in it is not
    const metrics = (Metrics ?? [{ MetricStat: {} }]).filter((each: { MetricStat?: object }) => each.MetricStat).length;
    return [item('metrics with an alarm', metrics * PRICES.alarmMetricMonth, metrics)];
  },
  'AWS::Lambda::EventSourceMapping': ({ Properties: { StartingPosition } }) =>
    // a stream of the table is read without charge
    StartingPosition === undefined ? [item('queues that are polled', pollsPerMonth * PRICES.sqsRequest)] : [],
  'AWS::Events::Rule': ({ Properties: { ScheduleExpression, Targets } }, all) =>
    ScheduleExpression === undefined
      ? []
      : Targets.map(({ Arn }: { Arn: unknown }) => scheduledRuns(runsPerMonth(ScheduleExpression), Arn, all)),
  'AWS::Scheduler::Schedule': ({ Properties: { ScheduleExpression, Target } }, all) => {
    const runs = runsPerMonth(ScheduleExpression);
    return [item('schedules', runs * PRICES.scheduleInvocation), scheduledRuns(runs, Target.Arn, all)];
  },
};

/** Costs nothing while it is empty or not used. */
const FREE = [
  /^AWS::ApiGatewayV2::/,
  /^AWS::DynamoDB::Table$/,
  /^AWS::Events::(EventBus|Archive)$/,
  /^AWS::IAM::/,
  /^AWS::Lambda::(Function|Permission|EventInvokeConfig)$/,
  /^AWS::Logs::(LogGroup|ResourcePolicy)$/,
  /^AWS::S3::(Bucket|BucketPolicy)$/,
  /^AWS::SNS::/,
  /^AWS::SQS::/,
  /^AWS::StepFunctions::StateMachine$/,
  /^AWS::KMS::Alias$/,
];

/**
 * What a stage costs in a month in which nobody uses it, from its templates.
 * @throws Error for a type of resource that has no price here, so that nothing is forgotten
 */
export const idleMonth = (templates: readonly PricedTemplate[]): IdleMonth => {
  const items = templates.flatMap(({ Resources }) =>
    Object.entries(Resources).flatMap(([id, resource]) => {
      const pricing = PRICED[resource.Type];
      if (pricing) return pricing(resource, Resources);
      if (FREE.some((free) => free.test(resource.Type))) return [];
      throw new Error(`what does ${id} cost, which is a ${resource.Type}?`);
    }),
  );
  const byWhat = [...Map.groupBy(items, ({ what }) => what)].map(([what, group]) => ({
    what,
    count: group.reduce((sum, { count }) => sum + count, 0),
    dollars: group.reduce((sum, { dollars }) => sum + dollars, 0),
  }));
  return {
    items: byWhat.sort((a, b) => b.dollars - a.dollars),
    dollars: byWhat.reduce((sum, { dollars }) => sum + dollars, 0),
  };
};
