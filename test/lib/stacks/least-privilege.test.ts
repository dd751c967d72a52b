import { describe, expect, it } from 'vitest';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';
import { functions } from '#lib/functions';
import type { Found, Resource } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const { resourcesOf } = await synthesized({ stage: 'prod' });

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

interface Trust {
  readonly Principal: unknown;
}

const list = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);
const roleOf = ({ Properties }: Resource) => list(Properties.Roles).map((role) => role.Ref as string);

const statements = Object.values(resourcesOf('AWS::IAM::Policy')).flatMap((policy) =>
  roleOf(policy).flatMap((role) =>
    (policy.Properties.PolicyDocument.Statement as Statement[]).flatMap((statement) =>
      list(statement.Action).map((action) => ({ role, action, ...statement })),
    ),
  ),
);

/**
 * Actions that a function may do, by its name, in its own role and in the one it takes for a tenant. Logs and traces, which
 * all may write, and taking that role, left out.
 */
const allowed = (name: string) => {
  const id = `${name.replaceAll('-', '')}(tenant)?role`;
  return [
    ...new Set(statements.filter(({ role }) => new RegExp(`${id}[0-9A-F]{8}$`).test(role)).map(({ action }) => action)),
  ]
    .filter((action) => !/^(logs|xray|kms|sqs|sts):/.test(action))
    .sort();
};

const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

const short = (actions: string[]) => actions.map((action) => action.replace('dynamodb:', '')).join(' ');
const READ = 'BatchGetItem GetItem Query';
const READ_WRITE = 'BatchGetItem DeleteItem GetItem PutItem Query';
/** Of those that end sessions, which count for model versions. */
const READ_WRITE_ADD = `${READ_WRITE} UpdateItem`;
const SECRET = 'secretsmanager:DescribeSecret secretsmanager:GetSecretValue';

describe('a function', () => {
  it.each([
    ['authorizer', 'GetItem'],
    ['sessions-command', `${READ_WRITE_ADD} s3:DeleteObject s3:PutObject`],
    ['sessions-query', `${READ} s3:GetObject`],
    ['agents-query', READ],
    ['eap', `${READ_WRITE} s3:DeleteObject s3:GetObject s3:PutObject ${SECRET}`],
    ['presign', `${READ_WRITE} s3:GetObject s3:PutObject`],
    ['tenancy-command', `${READ_WRITE} ${SECRET}`],
    ['tenancy-query', READ],
    ['system', 'GetItem'],
    ['fallback', ''],
    ['claim-slot', `${READ_WRITE} states:SendTaskSuccess`],
    ['begin-attempt', READ_WRITE_ADD],
    ['run-on-agent', `${READ_WRITE} states:SendTaskSuccess`],
    ['judge-outcome', READ],
    ['record-outcome', READ_WRITE_ADD],
    ['fine-tuning-command', `${READ_WRITE} s3:DeleteObject`],
    ['fine-tuning-poll', READ_WRITE],
    ['fine-tuning-query', `${READ} s3:GetObject`],
    ['curation-step', `${READ_WRITE} s3:DeleteObject s3:GetObject s3:ListBucket s3:PutObject`],
    ['publisher', 'DescribeStream GetRecords GetShardIterator ListStreams events:PutEvents'],
    ['start-execution', 'states:StartExecution'],
    ['stop-execution', 'states:StopExecution'],
    ['wake', `${READ_WRITE} states:SendTaskSuccess`],
    ['place-work', READ_WRITE_ADD],
    ['sweeper', `${READ_WRITE_ADD} s3:DeleteObject s3:ListBucket`],
    ['training-step', `${READ_WRITE} s3:GetObject states:SendTaskSuccess`],
    ['training-provider-step', `${READ_WRITE} states:SendTaskSuccess`],
    ['poll-training', `${READ_WRITE} states:SendTaskSuccess`],
  ])('%s may: %s', (name, actions) => {
    expect(short(allowed(name))).toBe(actions);
  });

  it('has a role of its own', () => {
    const roles = Object.values(resourcesOf('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Role['Fn::GetAtt'][0],
    );
    expect(roles.length).toBe(Object.keys(functions).length);
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('gets nothing from managed policies', () => {
    const managed = Object.values(resourcesOf('AWS::IAM::Role')).flatMap(
      ({ Properties }) => Properties.ManagedPolicyArns ?? [],
    );
    expect(managed).toEqual([]);
  });
});

describe('the policies', () => {
  it('name every action in full', () => {
    expect(statements.filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('open every resource only where AWS offers no narrower one', () => {
    const open = statements.filter(({ Resource }) => list(Resource).includes('*')).map(({ action }) => action);
    expect([...new Set(open)].sort()).toEqual([
      // log delivery is set up per account
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      // traces have no resource
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('open many resources at once only where their names are not known before', () => {
    const patterns = statements.filter(
      ({ Resource }) => !list(Resource).includes('*') && JSON.stringify(Resource).includes('*'),
    );
    expect([...new Set(patterns.map(({ action }) => action))].sort()).toEqual([
      // AWS names a stream after the time of its creation
      'dynamodb:ListStreams',
      // a file is named after its tenant, session and artifact
      's3:DeleteObject',
      's3:GetObject',
      's3:PutObject',
      // an execution is named when it starts
      'states:StopExecution',
    ]);
  });

  it('let functions touch the table in these ways only: nothing reads or writes more than it can name', () => {
    const onTable = new Set(statements.map(({ action }) => action).filter((action) => action.startsWith('dynamodb:')));
    const allowedOnTable = [
      ...['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'UpdateItem', 'ConditionCheckItem'],
      ...STREAM_ACTIONS,
    ].map((action) => `dynamodb:${action}`);
    expect([...onTable].filter((action) => !allowedOnTable.includes(action))).toEqual([]);
  });

  it('admit to items by leading key only, and not at all when a request names none', () => {
    const items = statements.filter(
      ({ action }) => action.startsWith('dynamodb:') && !STREAM_ACTIONS.includes(action.replace('dynamodb:', '')),
    );
    expect(items.length).toBeGreaterThan(0);
    for (const { Effect, Condition } of items) {
      expect(Effect).toBe('Allow');
      const patterns = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] as string[];
      // a separator or nothing before the star: T#a must not admit to T#ab
      const narrow = /^([A-Z]+#(\$\{aws:PrincipalTag\/tenant_id\}(#([A-Z]#)?\*)?|\*)|[A-Z]+)$/;
      expect([patterns].flat().every((pattern) => narrow.test(pattern))).toBe(true);
      expect(Condition?.['Null']).toEqual({ 'dynamodb:LeadingKeys': 'false' });
    }
  });

  it('are all in one place: no role carries one of its own, none is managed', () => {
    const inline = Object.values(resourcesOf('AWS::IAM::Role')).flatMap(({ Properties }) => Properties.Policies ?? []);
    expect([inline, Object.keys(resourcesOf('AWS::IAM::ManagedPolicy'))]).toEqual([[], []]);
  });
});

describe('the roles', () => {
  const isForTenants = (id: string) => /tenantrole[0-9A-F]{8}$/.test(id);

  it('are taken by one AWS service each, and by nobody else', () => {
    const trust = Object.entries(resourcesOf('AWS::IAM::Role'))
      .filter(([id]) => !isForTenants(id))
      .map(([, { Properties }]) => Properties.AssumeRolePolicyDocument.Statement as Statement[]);
    const services = trust.map((each) => each.map((one) => (one as unknown as Trust).Principal));
    expect(new Set(services.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['[{"Service":"lambda.amazonaws.com"}]', '[{"Service":"states.amazonaws.com"}]']),
    );
  });
});

describe('the roles for one tenant', () => {
  it('are taken by the function that each belongs to', () => {
    const taken = statements.filter(({ action }) => action.startsWith('sts:'));
    expect(new Set(taken.map(({ action }) => action))).toEqual(new Set(['sts:AssumeRole', 'sts:TagSession']));
    for (const { role, Resource } of taken) {
      const own = role.replace(/role[0-9A-F]{8}$/, '');
      expect(list(Resource as Found)[0]['Fn::GetAtt'][0]).toMatch(new RegExp(`^${own}tenantrole[0-9A-F]{8}$`));
    }
  });
});

describe('the files', () => {
  it('of datasets are reached in the role for one tenant only, and of that tenant only', () => {
    const named = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('/datasets/'));
    expect(named.length).toBeGreaterThan(0);
    for (const { role, Resource } of named) {
      expect(role).toMatch(/tenantrole[0-9A-F]{8}$/);
      expect(JSON.stringify(Resource)).toContain(`/\${aws:PrincipalTag/${TENANT_TAG}}/datasets/*`);
    }
  });
});

describe('the resources that others may reach', () => {
  it('are invoked by one AWS service each, on behalf of one resource of ours', () => {
    const permissions = Object.values(resourcesOf('AWS::Lambda::Permission')).map(({ Properties }) => Properties);
    expect(permissions.length).toBeGreaterThan(0);
    for (const { Action, Principal, SourceArn } of permissions) {
      expect(Action).toBe('lambda:InvokeFunction');
      expect(['apigateway.amazonaws.com', 'events.amazonaws.com']).toContain(Principal);
      expect(SourceArn).toBeDefined();
    }
  });
});

describe('the items', () => {
  it('that are credentials are read by the authorizer only', () => {
    const readers = statements.filter(
      ({ action, Condition }) =>
        /^dynamodb:(BatchGetItem|GetItem|Query)$/.test(action) && JSON.stringify(Condition).includes('KEY#'),
    );
    expect(new Set(readers.map(({ role }) => role.replace(/role[0-9A-F]{8}$/, '')))).toEqual(new Set(['authorizer']));
  });

  it('that are due, over all tenants, are shown to the sweeper and the poller only', () => {
    const readers = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('/index/gsi3'));
    expect(readers.map(({ role }) => role)).toEqual([
      expect.stringMatching(/sweeperrole/),
      expect.stringMatching(/polltrainingrole/),
    ]);
  });
});
