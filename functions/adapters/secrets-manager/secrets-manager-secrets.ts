import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Reads one secret and keeps it for the life of the environment; a failed read is forgotten. */
export const makeSecretReader = (client: SecretsManagerClient) => {
  const known = new Map<string, Promise<string>>();

  const read = async (secretId: string): Promise<string> => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (SecretString === undefined || SecretString === '') throw new Error('a secret of the platform is empty');
    return SecretString;
  };

  return (secretId: string): Promise<string> => {
    const found = known.get(secretId);
    if (found !== undefined) return found;
    const reading = read(secretId).catch((error: unknown) => {
      known.delete(secretId);
      throw error;
    });
    known.set(secretId, reading);
    return reading;
  };
};
