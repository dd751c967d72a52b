import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TENANT_TAG } from '#adapters/sts/tenant-tag';
import type { TenantFunction } from '#lib/constructs/tenant-table';

// below the tenant, as the names of files and of what a training leaves begin
const DATASETS = '*/datasets/*';
const TRAININGS = '*/training/*';

export interface ArtifactBucketProps {
  /** Whether the bucket survives its stack. */
  readonly keepsData: boolean;
}

/** Files that agents hand over, and what is too large for the table. Closed to the public, TLS only; whoever gets in has a URL that one of our functions signed. */
export class ArtifactBucket extends Construct {
  /** What a function must know to sign. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #bucket: string;
  readonly #objects: string;

  constructor(scope: Construct, id: string, { keepsData }: ArtifactBucketProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // an artifact is written once under a name of its own: there is no older version to go back to
      versioned: false,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.environment = { ARTIFACTS_BUCKET: bucket.bucketName, ARTIFACTS_HOST: bucket.bucketRegionalDomainName };
    this.#bucket = bucket.bucketArn;
    this.#objects = bucket.arnForObjects('*');
  }

  /** Looks at objects by name; also signs for their download. */
  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, 's3:GetObject');
  }

  /** Writes objects, and removes what they replace. */
  grantWrite(grantee: IGrantable): void {
    this.grantUpload(grantee);
    this.grantDelete(grantee);
  }

  /** Signs for uploads. */
  grantUpload(grantee: IGrantable): void {
    this.#grant(grantee, 's3:PutObject');
  }

  /** Finds the names of objects. */
  grantList(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.#bucket] }).assertSuccess();
  }

  /** Removes objects by name. */
  grantDelete(grantee: IGrantable): void {
    this.#grant(grantee, 's3:DeleteObject');
  }

  /** Reads datasets and what trainings left, and writes the latter, of any tenant: nothing that agents handed over. */
  grantTraining(grantee: IGrantable): void {
    const datasets = `${this.#bucket}/${DATASETS}`;
    const trainings = `${this.#bucket}/${TRAININGS}`;
    const grant = (actions: string[], resourceArns: string[], conditions?: Record<string, Record<string, unknown>>) =>
      Grant.addToPrincipal({ grantee, actions, resourceArns, ...(conditions && { conditions }) }).assertSuccess();
    grant(['s3:GetObject'], [datasets, trainings]);
    grant(['s3:PutObject'], [trainings]);
    grant(['s3:ListBucket'], [this.#bucket], {
      StringLike: { 's3:prefix': [DATASETS, TRAININGS] },
    });
  }

  /** Files of the datasets of the tenant in the session's tag: reads and signs for downloads. */
  grantTenantDatasetRead(grantee: TenantFunction): void {
    this.#grantDatasets(grantee, 's3:GetObject');
  }

  /** Writes files of the tenant's datasets. */
  grantTenantDatasetWrite(grantee: TenantFunction): void {
    this.#grantDatasets(grantee, 's3:PutObject');
  }

  /** Removes files of the tenant's datasets. */
  grantTenantDatasetDelete(grantee: TenantFunction): void {
    this.#grantDatasets(grantee, 's3:DeleteObject');
  }

  /** Finds the names of what the tenant has; whoever may is told 404 of what is not there, and 403 only of what it may not read. */
  grantTenantList(grantee: TenantFunction): void {
    this.#grantOwnList(grantee, '*');
  }

  /** Reads by name what the tenant's trainings left, and finds out what they did not leave: else that is like what may not be read. */
  grantTenantTrainingRead(grantee: TenantFunction): void {
    this.#grantOwn(grantee, 's3:GetObject', 'training/*');
    this.#grantOwnList(grantee, 'training/*');
  }

  /** Reads by name what agents of the tenant handed over, and all else of the tenant. */
  grantTenantRead(grantee: TenantFunction): void {
    this.#grantOwn(grantee, 's3:GetObject', '*');
  }

  #grantDatasets(grantee: TenantFunction, action: string) {
    this.#grantOwn(grantee, action, 'datasets/*');
  }

  #grantOwnList({ tenantRole: grantee }: TenantFunction, names: string) {
    const conditions = { StringLike: { 's3:prefix': `\${aws:PrincipalTag/${TENANT_TAG}}/${names}` } };
    const resourceArns = [this.#bucket];
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns, conditions }).assertSuccess();
  }

  #grantOwn({ tenantRole: grantee }: TenantFunction, action: string, names: string) {
    const resourceArns = [`${this.#bucket}/\${aws:PrincipalTag/${TENANT_TAG}}/${names}`];
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns }).assertSuccess();
  }

  #grant(grantee: IGrantable, action: string) {
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.#objects] }).assertSuccess();
  }
}
