import { describe, expect, it } from 'vitest';
import * as table from '#adapters/dynamodb/table';
import { synthesized } from '#test/lib/synthesized';

const prod = await synthesized({ stage: 'prod' });
const local = await synthesized({ stage: 'local' });

const the = ({ resourcesOf }: typeof prod, type: string) => {
  const found = Object.values(resourcesOf(type));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type}`);
  return found[0];
};

describe('the table', () => {
  it('is paid on demand, recoverable to a point in time, and streams both images', () => {
    expect(the(prod, 'AWS::DynamoDB::Table').Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it('has the keys and indexes that the key builders know', () => {
    const { KeySchema, GlobalSecondaryIndexes } = the(prod, 'AWS::DynamoDB::Table').Properties;
    const keys = (pk: string, sk: string) => [
      { AttributeName: pk, KeyType: 'HASH' },
      { AttributeName: sk, KeyType: 'RANGE' },
    ];
    expect(KeySchema).toEqual(keys('pk', 'sk'));
    expect(GlobalSecondaryIndexes).toEqual(
      ['gsi1', 'gsi2', 'gsi3'].map((index) => ({
        IndexName: index,
        KeySchema: keys(`${index}pk`, `${index}sk`),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
  });

  it('is encrypted with a key of ours that rotates', () => {
    expect(the(prod, 'AWS::KMS::Key').Properties).toMatchObject({ EnableKeyRotation: true });
    expect(the(prod, 'AWS::DynamoDB::Table').Properties.SSESpecification).toMatchObject({
      SSEEnabled: true,
      SSEType: 'KMS',
    });
  });

  it('builds no key outside the partitions that its grants admit', () => {
    const builders = Object.entries(table).filter(([name]) => /(?<!Of)Key$/.test(name)) as [
      string,
      typeof table.waiterKey,
    ][];
    const built = builders.map(([, build]) => build('t', 'session:s', { adjustedMs: 0, ticket: 'w' }).pk);
    expect(built.length).toBeGreaterThan(15);
    expect(built.filter((pk) => !/^(T|KEY|SLUG)#/.test(pk))).toEqual([]);
  });
});

describe('what must not be lost', () => {
  const stateful = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];
  const policies = ({ resourcesOf }: typeof prod) =>
    stateful.flatMap((type) => Object.values(resourcesOf(type))).map(({ DeletionPolicy }) => DeletionPolicy);

  it('survives its stack, and refuses deletion', () => {
    expect(policies(prod)).toEqual(['Retain', 'Retain', 'Retain', 'Retain']);
    expect(the(prod, 'AWS::DynamoDB::Table').Properties.DeletionProtectionEnabled).toBe(true);
    expect(prod.stackNamed('data').terminationProtection).toBe(true);
  });

  it('goes with its stack on the local stage', () => {
    expect(policies(local)).toEqual(['Delete', 'Delete', 'Delete', 'Delete']);
    expect(the(local, 'AWS::DynamoDB::Table').Properties.DeletionProtectionEnabled).toBe(false);
    expect(local.stackNamed('data').terminationProtection).toBe(false);
  });

  it('keeps its logical ids, because a new one is a new and empty resource', () => {
    const ids = stateful.flatMap((type) => Object.keys(prod.resourcesOf(type)));
    expect(ids).toEqual([
      'TenantTable422B767F',
      'TenantTableKey2CBFF34E',
      'AgentMasterKey54897A55',
      'BootstrapToken0B7F262C',
    ]);
  });
});

describe('the secrets', () => {
  it('are 64 random letters and digits', () => {
    for (const { Properties } of Object.values(prod.resourcesOf('AWS::SecretsManager::Secret'))) {
      const { PasswordLength, ExcludeCharacters } = Properties.GenerateSecretString;
      const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
      expect(PasswordLength).toBe(64);
      expect(printable.filter((c) => !ExcludeCharacters.includes(c)).join('')).toMatch(/^[0-9A-Za-z]{62}$/);
    }
  });
});

describe('the outputs', () => {
  it('name what operators and scripts need', () => {
    const outputs = Object.keys(prod.stackNamed('data').template.Outputs ?? {});
    expect(outputs).toEqual(expect.arrayContaining(['TableName', 'AgentMasterKeySecret', 'BootstrapTokenSecret']));
  });
});
