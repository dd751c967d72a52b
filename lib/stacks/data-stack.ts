import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageSettings } from '#lib/config';
import { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { TenantTable } from '#lib/constructs/tenant-table';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export interface DataStackProps extends StackProps {
  readonly settings: StageSettings;
}

/** What must outlive every deployment: the table, and the secrets that credentials are derived from. */
export class DataStack extends Stack {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
  readonly agentMasterKey: Secret;
  readonly bootstrapToken: Secret;

  constructor(scope: Construct, id: string, { settings, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: settings.keepsData });
    const { keepsData } = settings;
    this.table = new TenantTable(this, 'TenantTable', { keepsData });
    this.artifacts = new ArtifactBucket(this, 'Artifacts', { keepsData });
    this.agentMasterKey = this.#randomSecret(
      'AgentMasterKey',
      'The tokens and signing secrets of agents are derived from it',
      keepsData,
    );
    this.bootstrapToken = this.#randomSecret('BootstrapToken', 'Lets the operator create the first tenant', keepsData);
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'AgentMasterKeySecret', { value: this.agentMasterKey.secretArn });
    new CfnOutput(this, 'BootstrapTokenSecret', { value: this.bootstrapToken.secretArn });
  }

  /** 64 letters and digits: 381 random bits, fit for a header. */
  #randomSecret(id: string, description: string, keepsData: boolean): Secret {
    return new Secret(this, id, {
      description,
      // the characters beside the flag, because the local cloud does not know the flag
      generateSecretString: { passwordLength: 64, excludePunctuation: true, excludeCharacters: PUNCTUATION },
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
