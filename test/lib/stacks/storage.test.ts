import { describe, expect, it } from 'vitest';
import type { Found } from '#test/lib/synthesis';
import { synthesized } from '#test/lib/synthesized';

const { all, resourcesOf } = await synthesized({ stage: 'prod' });

const statements = (type: string, owner: string) =>
  all(type).flatMap((policy) =>
    [policy[owner]]
      .flat()
      .flatMap(({ Ref }: Found) => policy.PolicyDocument.Statement.map((each: Found) => ({ of: Ref, ...each }))),
  );

/** Whether a policy refuses every request to the resource that does not come over TLS. */
const refusesPlainText = (of: string, policies: Found[]) =>
  policies.some(
    (each) =>
      each.of === of &&
      each.Effect === 'Deny' &&
      JSON.stringify(each.Principal).includes('*') &&
      each.Condition?.Bool?.['aws:SecureTransport'] === 'false',
  );

describe('every bucket', () => {
  const buckets = all('AWS::S3::Bucket');
  const policies = statements('AWS::S3::BucketPolicy', 'Bucket');

  it.each(buckets.map((bucket) => [bucket.id, bucket]))('%s is private, encrypted, over TLS only', (id, bucket) => {
    expect(bucket.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.BucketEncryption.ServerSideEncryptionConfiguration.length).toBeGreaterThan(0);
    expect(refusesPlainText(id, policies)).toBe(true);
  });

  it.each(buckets.map((bucket) => [bucket.id, bucket]))('%s forgets what is no longer needed', (_, bucket) => {
    const rules: Found[] = bucket.LifecycleConfiguration.Rules;
    expect(rules.some(({ AbortIncompleteMultipartUpload }) => AbortIncompleteMultipartUpload)).toBe(true);
  });

  it.each(buckets.map((bucket) => [bucket.id, bucket]))('%s outlives its stack', (id) => {
    expect(resourcesOf('AWS::S3::Bucket')[id]).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('lets nobody in from outside', () => {
    const open = policies.filter(
      ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('"*"'),
    );
    expect(open).toEqual([]);
  });
});

describe('every table', () => {
  const tables = all('AWS::DynamoDB::Table');

  it('can be restored, refuses deletion, forgets by a time to live, streams both images, is encrypted with a key of ours', () => {
    expect(tables.length).toBeGreaterThan(0);
    for (const { id, SSESpecification, ...table } of tables) {
      expect(table).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        TimeToLiveSpecification: { AttributeName: expect.any(String), Enabled: true },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      });
      const key = SSESpecification.KMSMasterKeyId['Fn::GetAtt'][0];
      expect(all('AWS::KMS::Key').map((each) => each.id)).toContain(key);
      expect(resourcesOf('AWS::DynamoDB::Table')[id]).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });
});

describe('every key', () => {
  it('rotates and outlives what it encrypts', () => {
    for (const { Properties, DeletionPolicy } of Object.values(resourcesOf('AWS::KMS::Key'))) {
      expect(Properties.EnableKeyRotation).toBe(true);
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('can be used by nobody from another account', () => {
    const used = all('AWS::KMS::Key').flatMap(({ KeyPolicy }) => KeyPolicy.Statement);
    const principals = used.map(({ Principal }: Found) => JSON.stringify(Principal));
    expect(principals.filter((principal) => /"\*"/.test(principal) || !/AccountId|Service/.test(principal))).toEqual(
      [],
    );
  });
});

describe('every queue', () => {
  const policies = statements('AWS::SQS::QueuePolicy', 'Queues');

  it('is encrypted and over TLS only', () => {
    expect(all('AWS::SQS::Queue').length).toBeGreaterThan(0);
    for (const { id, SqsManagedSseEnabled } of all('AWS::SQS::Queue')) {
      expect(SqsManagedSseEnabled).toBe(true);
      expect(refusesPlainText(id, policies), id).toBe(true);
    }
  });
});

describe('every topic', () => {
  const policies = statements('AWS::SNS::TopicPolicy', 'Topics');

  it('is over TLS only', () => {
    expect(all('AWS::SNS::Topic').length).toBeGreaterThan(0);
    for (const { id } of all('AWS::SNS::Topic')) expect(refusesPlainText(id, policies), id).toBe(true);
  });
});

describe('every log group', () => {
  it('forgets', () => {
    for (const { id, RetentionInDays } of all('AWS::Logs::LogGroup')) {
      expect(RetentionInDays, id).toBeGreaterThanOrEqual(30);
      expect(RetentionInDays, id).toBeLessThanOrEqual(90);
    }
  });
});
