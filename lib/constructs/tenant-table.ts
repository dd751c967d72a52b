import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CREDENTIAL_PREFIX, type IndexName, SLUG_PREFIX, TABLE } from '#adapters/dynamodb/table';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];
const TENANT = `T#\${aws:PrincipalTag/${TENANT_TAG}}`;
/** Of the tenant in the session's tag: its own partition, and those that begin with it and the separator. */
const TENANT_KEYS = [TENANT, `${TENANT}#*`];
/** Partitions where ended sessions of the tenant are counted, and nothing else is. */
const TALLY_KEYS = [`${TENANT}#C#*`];
const EVERY_TENANT_KEYS = ['T#*'];
const PROBE_KEYS = ['PROBE'];
const DUE_KEYS = ['DUE#*'];

const string = (name: string) => ({ name, type: AttributeType.STRING });

// `ForAllValues` also holds when a request names no key at all, hence `Null`
const onlyKeys = (patterns: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** A function with a role for what it does to one tenant at a time. */
export interface TenantFunction {
  readonly tenantRole: IGrantable;
}

export interface TenantTableProps {
  /** Whether the table survives its stack and refuses deletion. */
  readonly keepsData: boolean;
}

/** The one table, and the only ways to be let into it: by leading key, never by Scan. */
export class TenantTable extends Construct {
  readonly tableName: string;
  readonly streamArn: string;
  readonly #tableArn: string;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { keepsData }: TenantTableProps) {
    super(scope, id);
    const removalPolicy = keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.#key = new Key(this, 'Key', { description: 'Encrypts the table', enableKeyRotation: true, removalPolicy });
    const table = new Table(this, 'Table', {
      partitionKey: string(TABLE.pk),
      sortKey: string(TABLE.sk),
      timeToLiveAttribute: TABLE.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#key,
      deletionProtection: keepsData,
      removalPolicy,
    });
    for (const [indexName, { pk, sk }] of Object.entries(TABLE.indexes)) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: string(pk),
        sortKey: string(sk),
        projectionType: ProjectionType[TABLE.projection],
      });
    }
    this.tableName = table.tableName;
    this.#tableArn = table.tableArn;
    if (table.tableStreamArn === undefined) throw new Error('the table has no stream');
    this.streamArn = table.tableStreamArn;
  }

  /** Items of one tenant by key, and its lists in the indexes named. */
  grantRead({ tenantRole: grantee }: TenantFunction, ...indexes: readonly Exclude<IndexName, 'gsi3'>[]): void {
    this.#grant(grantee, READ, [this.#tableArn], TENANT_KEYS);
    if (indexes.length > 0) this.#grant(grantee, ['dynamodb:Query'], indexes.map(this.#indexArn), TENANT_KEYS);
    this.#grantDecrypt(grantee);
  }

  /** Writes to items of one tenant, alone and in transactions. */
  grantWrite({ tenantRole: grantee }: TenantFunction): void {
    this.#grant(grantee, WRITE, [this.#tableArn], TENANT_KEYS);
    this.#grantEncrypt(grantee);
  }

  /** Adds to the figures of a tenant's model versions, for whoever ends sessions. */
  grantTally({ tenantRole: grantee }: TenantFunction): void {
    this.#grant(grantee, ['dynamodb:UpdateItem'], [this.#tableArn], TALLY_KEYS);
    this.#grantEncrypt(grantee);
  }

  /** Credentials by their public id, and nothing of any tenant. */
  grantAuthRead(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:GetItem'], [this.#tableArn], [`${CREDENTIAL_PREFIX}*`]);
    this.#grantDecrypt(grantee);
  }

  /** Whether the table answers, without seeing anything of any tenant. */
  grantProbe(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:GetItem'], [this.#tableArn], PROBE_KEYS);
    this.#grantDecrypt(grantee);
  }

  /** Issues and revokes credentials in the transactions of a tenant, without reading them. */
  grantIssue({ tenantRole: grantee }: TenantFunction): void {
    this.#grant(grantee, WRITE, [this.#tableArn], [`${CREDENTIAL_PREFIX}*`]);
    this.#grantEncrypt(grantee);
  }

  /** Makes tenants, whose transactions reach beyond one of them: new items only, no reads. */
  grantFound(grantee: IGrantable): void {
    const keys = [...EVERY_TENANT_KEYS, `${CREDENTIAL_PREFIX}*`, `${SLUG_PREFIX}*`];
    this.#grant(grantee, ['dynamodb:PutItem'], [this.#tableArn], keys);
    this.#grantEncrypt(grantee);
  }

  /** What is due, over all tenants: for sweepers and pollers only. */
  grantDueWork(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:Query'], [this.#indexArn('gsi3')], DUE_KEYS);
    this.#grantDecrypt(grantee);
  }

  /** The table's changes, for the function that an event source mapping feeds. */
  grantStreamRead(grantee: IGrantable): void {
    const actions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.streamArn] }).assertSuccess();
    const streams = `${this.#tableArn}/stream/*`;
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:ListStreams'], resourceArns: [streams] }).assertSuccess();
    this.#grantDecrypt(grantee);
  }

  readonly #indexArn = (index: IndexName) => `${this.#tableArn}/index/${index}`;

  #grant(grantee: IGrantable, actions: string[], resourceArns: string[], keys: readonly string[]) {
    Grant.addToPrincipal({ grantee, actions, resourceArns, conditions: onlyKeys(keys) }).assertSuccess();
  }

  #grantDecrypt(grantee: IGrantable) {
    this.#grantKey(grantee, ['kms:Decrypt', 'kms:DescribeKey']);
  }

  #grantEncrypt(grantee: IGrantable) {
    this.#grantKey(grantee, [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
  }

  #grantKey(grantee: IGrantable, actions: string[]) {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#key.keyArn] }).assertSuccess();
  }
}
