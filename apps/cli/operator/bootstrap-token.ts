import {
  GetSecretValueCommand,
  ListSecretsCommand,
  type SecretListEntry,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { everyPage } from '#apps/cli/every-page';
import { Refusal } from '#apps/cli/refusal';
import { explainAws } from './explain-aws.ts';

/** How CloudFormation names the secret: after its place in the template. */
const NAME = /BootstrapToken/;
const USE = { service: 'Secrets Manager', needed: 'secretsmanager:ListSecrets and GetSecretValue' };

const tagOf = ({ Tags = [] }: SecretListEntry, key: string) => Tags.find(({ Key }) => Key === key)?.Value;

/** Finds the secret of a stage by its tags and reads it. Every failure of AWS is a Refusal that says what to do. */
export const findBootstrapToken = async (
  client: Pick<SecretsManagerClient, 'send'>,
  stage: string,
): Promise<string> => {
  try {
    const secrets = await everyPage(async (NextToken) => {
      const Filters = [{ Key: 'tag-value' as const, Values: [stage] }];
      const page = await client.send(new ListSecretsCommand({ Filters, NextToken }));
      return { items: page.SecretList ?? [], next_cursor: page.NextToken };
    });
    const secret = secrets.find(
      (each) =>
        NAME.test(each.Name ?? '') &&
        tagOf(each, 'application') === 'industrial-orchestrator' &&
        tagOf(each, 'stage') === stage,
    );
    if (secret === undefined) {
      throw new Refusal(`Stage ${stage} is not deployed to this AWS account and region.`, {
        remedy: 'Choose them with AWS_PROFILE and AWS_REGION, and the stage with --stage.',
      });
    }
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret.ARN }));
    if (!SecretString) throw new Refusal(`The secret ${secret.Name} is empty.`);
    return SecretString;
  } catch (error) {
    throw explainAws(error, USE);
  }
};

/** The token for the first admin of a stage, read with the AWS credentials of the environment. */
export const readBootstrapToken = (stage: string): Promise<string> =>
  findBootstrapToken(new SecretsManagerClient({}), stage);
